import type { LiveQuery } from '@binnacle/machinery-live';
import type { ResourcePath } from '../resources.js';

/** Kinds that carry values nobody reads in a list, and of Secrets nobody should be sent unasked. */
const CARRY_VALUES: ReadonlySet<string> = new Set(['secrets', 'configmaps']);

/** The live list of a kind; what its objects hold stays with the server until one of them is asked for. */
export function listQuery(
  cluster: string,
  { group, version, resource }: ResourcePath,
  narrow: Pick<LiveQuery, 'namespace' | 'labelSelector' | 'fieldSelector'> = {},
): LiveQuery {
  const keysOnly = group === '' && CARRY_VALUES.has(resource);
  return { cluster, group, version, resource, ...narrow, ...(keysOnly && { keysOnly }) };
}

/** One string per query, so that equal queries share a subscription. */
export function queryKey(query: LiveQuery): string {
  const { cluster, group, version, resource, namespace = '', labelSelector = '', fieldSelector = '' } = query;
  const { keysOnly = false, metadataOnly = false } = query;
  const narrow = [namespace, labelSelector, fieldSelector];
  return JSON.stringify([cluster, group, version, resource, ...narrow, keysOnly, metadataOnly]);
}
