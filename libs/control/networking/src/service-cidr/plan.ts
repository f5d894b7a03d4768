import type { IPAddress, ServiceCIDR } from '@binnacle/apis-kubernetes/networking/v1';
import { type Condition, formatTime } from '@binnacle/machinery-meta';
import { cidrContains, networkOf, parseCidr, parseIp } from '@binnacle/machinery-validation';

export const PROTECTION = 'networking.k8s.io/service-cidr-finalizer';
/** So long servers may still give out addresses of a range that they do not know to be going. */
export const GRACE_MILLISECONDS = 10_000;

/** What is to be done about one range. */
export interface RangePlan {
  readonly finalizer?: 'add' | 'remove';
  readonly condition?: Condition;
  readonly again?: number;
}

export const isGoing = ({ metadata }: ServiceCIDR): boolean => metadata.deletionTimestamp !== undefined;

const cidrsOf = ({ spec }: ServiceCIDR): readonly string[] => spec?.cidrs ?? [];

/** Whether one network lies within another, or is the same. */
function lies(inner: string, outer: string): boolean {
  const [small, large] = [parseCidr(inner), parseCidr(outer)];
  return Boolean(small && large && large.prefix <= small.prefix && cidrContains(large, networkOf(small)));
}

function holds(range: ServiceCIDR, ip: string): boolean {
  const address = parseIp(ip);
  return cidrsOf(range).some((text) => {
    const cidr = parseCidr(text);
    return Boolean(cidr && address && cidrContains(cidr, address));
  });
}

/** Whether an address would be of no range any more. Behaves as the controller's canDeleteCIDR. */
function isNeeded(range: ServiceCIDR, all: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const others = all.filter(({ metadata }) => metadata.name !== range.metadata.name);
  const isWithinOthers = cidrsOf(range).every((cidr) =>
    others.some((other) => cidrsOf(other).some((wide) => lies(cidr, wide))),
  );
  if (isWithinOthers) return false;
  return addresses
    .map(({ metadata }) => metadata.name ?? '')
    .some((ip) => holds(range, ip) && !others.some((other) => holds(other, ip)));
}

function changed({ status }: ServiceCIDR, wanted: Omit<Condition, 'lastTransitionTime'>, now: number) {
  const before = status?.conditions?.find(({ type }) => type === wanted.type);
  return before?.status === wanted.status ? {} : { condition: { ...wanted, lastTransitionTime: formatTime(now) } };
}

const READY = { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' } as const;
const NEEDED = {
  type: 'Ready',
  status: 'False',
  reason: 'Terminating',
  message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
} as const;

/** Behaves as kubernetes pkg/controller/servicecidrs sync. */
export function planServiceCidr(
  range: ServiceCIDR,
  all: readonly ServiceCIDR[],
  addresses: readonly IPAddress[],
  now: number,
): RangePlan {
  const isProtected = range.metadata.finalizers?.includes(PROTECTION) ?? false;
  if (!isGoing(range)) return { ...(!isProtected && { finalizer: 'add' as const }), ...changed(range, READY, now) };
  if (!isProtected) return {};
  if (isNeeded(range, all, addresses)) return { ...changed(range, NEEDED, now), again: now + GRACE_MILLISECONDS };
  const due = Date.parse(range.metadata.deletionTimestamp ?? '') + GRACE_MILLISECONDS;
  return due > now ? { again: due } : { finalizer: 'remove' };
}
