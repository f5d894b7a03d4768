import type { ServiceCIDR } from '@binnacle/apis-kubernetes/networking/v1';
import { formatTime, ignoreNotFound, isAlreadyExists, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import { DEFAULT_SERVICE_CIDR } from '../services/service-cidrs.js';

const PLACE = { namespace: '', name: DEFAULT_SERVICE_CIDR };
const MESSAGE = 'Kubernetes default Service CIDR is ready';

const rangeOf = (cidr: string): UnstructuredObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: DEFAULT_SERVICE_CIDR },
  spec: { cidrs: [cidr] },
});

const isJudged = ({ status }: ServiceCIDR): boolean =>
  status?.conditions?.some(({ type }) => type === 'Ready') ?? false;

/**
 * Tells which network the server itself gives Services addresses of. What is there is left as it is. Behaves as kubernetes
 * pkg/controlplane/controller/defaultservicecidr.
 */
export async function keepDefaultServiceCidr(
  ctx: RequestContext,
  registry: Pick<Registry, 'get'>,
  cidr: string,
): Promise<void> {
  const ranges = registry.get('networking.k8s.io', 'v1', 'servicecidrs');
  const known = await ignoreNotFound(ranges.get(ctx, PLACE, { at: 'any' }));
  if (known && isJudged(ranges.decode(known) as unknown as ServiceCIDR)) return;
  try {
    if (!known) await ranges.create(ctx, { namespace: '' }, rangeOf(cidr));
  } catch (error) {
    // A replica that starts at the same time was faster.
    if (!isAlreadyExists(error)) throw error;
  }
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: '',
    message: MESSAGE,
    lastTransitionTime: formatTime(ctx.clock.now()),
  };
  const judge = (current: UnstructuredObject) =>
    isJudged(current as unknown as ServiceCIDR) ? current : { ...current, status: { conditions: [ready] } };
  await ignoreNotFound(ranges.update(ctx, PLACE, judge, { rules: 'status', subresource: 'status' }));
}
