import type { ServiceCIDR } from '@binnacle/apis-kubernetes/networking/v1';
import type { Context } from '@binnacle/machinery-context';
import { parseBody, type StoredObject } from '@binnacle/server-storage';
import type { ResourceStorage } from '../resource-core.js';

export const SERVICE_CIDRS = 'networking.k8s.io/servicecidrs';
/** The range that the server itself is given. */
export const DEFAULT_SERVICE_CIDR = 'kubernetes';

/** As upstream, one of which nobody has said yet whether it is ready is taken to be. */
function isReady({ metadata, status }: ServiceCIDR): boolean {
  if (metadata.deletionTimestamp) return false;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return !ready || ready.status === 'True';
}

const isDefault = ({ metadata }: ServiceCIDR): boolean => metadata.name === DEFAULT_SERVICE_CIDR;

/**
 * The networks that a cluster's Services get addresses of now, the server's own first. None where none is ready; undefined where
 * there are no ServiceCIDRs at all.
 */
export async function readyNetworks(
  ctx: Context,
  storage: ResourceStorage,
  cluster: string,
): Promise<readonly string[] | undefined> {
  const scope = { cluster, resource: SERVICE_CIDRS };
  const stored: readonly StoredObject[] =
    storage.peekAll(scope) ?? (await storage.list(ctx, scope, { revision: { at: 'latest' } })).items;
  if (stored.length === 0) return undefined;
  const ranges = stored.map((item) => parseBody(item) as unknown as ServiceCIDR).filter(isReady);
  const ordered = [...ranges.filter(isDefault), ...ranges.filter((range) => !isDefault(range))];
  return [...new Set(ordered.flatMap(({ spec }) => spec?.cidrs ?? []))];
}
