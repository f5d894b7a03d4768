/** Written again and again by what only says that it lives, or about what happened anyway: nobody has to act on them. */
const SIGNS: ReadonlySet<string> = new Set(['coordination.k8s.io/leases', 'events']);

export const signsOfLife: readonly string[] = [...SIGNS];

/** Whether changes of a resource, as it is stored, leave a cluster at rest. */
export function isSignOfLife(resource: string): boolean {
  return SIGNS.has(resource);
}
