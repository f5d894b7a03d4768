import type { Resource } from '@binnacle/web-data';

/** The plural as a heading: `Deployments` for Deployment, taken from the kind so that it is spelt as Kubernetes does. */
export function pluralTitle({ kind, resource }: Pick<Resource, 'kind' | 'resource'>): string {
  const lower = kind.toLowerCase();
  if (resource === lower) return kind;
  if (resource.startsWith(lower)) return kind + resource.slice(lower.length);
  return resource.startsWith(lower.slice(0, -1)) ? kind.slice(0, -1) + resource.slice(lower.length - 1) : kind;
}
