import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podAmounts } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { Quantity } from '@binnacle/machinery-meta';
import { compareQuantities, toMillis } from '@binnacle/machinery-quantity';

/** Names come from clients, so they are no keys of a plain object. */
type Amounts = ReadonlyMap<string, Quantity>;

interface Asked {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

interface Bound {
  readonly type: string;
  readonly name: string;
  readonly enforced: Quantity;
}

const NONE: Amounts = new Map();
const amountsOf = (list: Readonly<Record<string, Quantity>> = {}): Amounts => new Map(Object.entries(list));

function belowMin({ type, name, enforced }: Bound, { requests, limits }: Asked): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `minimum ${name} usage per ${type} is ${enforced}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  if (compareQuantities(request, enforced) < 0) return `${rule}, but request is ${request}`;
  return limit !== undefined && compareQuantities(limit, enforced) < 0 ? `${rule}, but limit is ${limit}` : undefined;
}

function aboveMax({ type, name, enforced }: Bound, { requests, limits }: Asked): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `maximum ${name} usage per ${type} is ${enforced}`;
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (compareQuantities(limit, enforced) > 0) return `${rule}, but limit is ${limit}`;
  const exceeds = request !== undefined && compareQuantities(request, enforced) > 0;
  return exceeds ? `${rule}, but request is ${request}` : undefined;
}

/** Where there are no limits, as of claims. */
function aboveMaxRequest({ type, name, enforced }: Bound, { requests }: Asked): string | undefined {
  const request = requests.get(name);
  const rule = `maximum ${name} usage per ${type} is ${enforced}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  return compareQuantities(request, enforced) > 0 ? `${rule}, but request is ${request}` : undefined;
}

function aboveRatio({ type, name, enforced }: Bound, { requests, limits }: Asked): string | undefined {
  const [request, limit] = [toMillis(requests.get(name) ?? 0), toMillis(limits.get(name) ?? 0)];
  const rule = `${name} max limit to request ratio per ${type} is ${enforced}`;
  if (request === 0) return `${rule}, but no request is specified or request is 0`;
  if (limit === 0) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = limit / request;
  return ratio * 1000 > toMillis(enforced) ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

type Check = (bound: Bound, asked: Asked) => string | undefined;

function broken(
  { type }: LimitRangeItem,
  bounds: Readonly<Record<string, Quantity>> | undefined,
  check: Check,
  asked: Asked,
): string[] {
  return Object.entries(bounds ?? {}).flatMap(([name, enforced]) => check({ type, name, enforced }, asked) ?? []);
}

function brokenBy(item: LimitRangeItem, asked: Asked): string[] {
  return [
    ...broken(item, item.min, belowMin, asked),
    ...broken(item, item.max, aboveMax, asked),
    ...broken(item, item.maxLimitRequestRatio, aboveRatio, asked),
  ];
}

/** What of a range a Pod does not keep. Behaves as kubernetes plugin/pkg/admission/limitranger PodValidateLimitFunc. */
export function podFaults({ spec: range }: LimitRange, { spec }: Pod): string[] {
  if (!spec) return [];
  const containers = [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => ({
    requests: amountsOf(resources?.requests),
    limits: amountsOf(resources?.limits),
  }));
  const whole = { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') };
  return (range?.limits ?? []).flatMap((item) => {
    if (item.type === 'Container') return containers.flatMap((asked) => brokenBy(item, asked));
    return item.type === 'Pod' ? brokenBy(item, whole) : [];
  });
}

/** The same of a claim, which has no limits. */
export function claimFaults({ spec: range }: LimitRange, { spec }: PersistentVolumeClaim): string[] {
  const asked = { requests: amountsOf(spec?.resources?.requests), limits: NONE };
  return (range?.limits ?? [])
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) => [...broken(item, item.min, belowMin, asked), ...broken(item, item.max, aboveMaxRequest, asked)]);
}
