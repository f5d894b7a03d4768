import type { SubresourceDefinition } from '@binnacle/apis-registry';

/** Leads to what a Pod, a Service or a Node serves; by which methods, they know themselves. */
export function proxy(kind: string): SubresourceDefinition {
  const verbs = ['create', 'delete', 'get', 'patch', 'update'] as const;
  return { name: 'proxy', verbs, gvk: { group: '', version: 'v1', kind }, connects: true };
}
