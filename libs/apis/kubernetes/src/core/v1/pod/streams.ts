import type { SubresourceDefinition } from '@binnacle/apis-registry';

function stream(name: string, kind: string): SubresourceDefinition {
  return { name, verbs: ['create', 'get'], gvk: { group: '', version: 'v1', kind }, connects: true, roles: ['edit'] };
}

/** What connects to a Pod that runs; none of their kinds is ever stored. */
export const streams: readonly SubresourceDefinition[] = [
  stream('attach', 'PodAttachOptions'),
  stream('exec', 'PodExecOptions'),
  stream('portforward', 'PodPortForwardOptions'),
];
