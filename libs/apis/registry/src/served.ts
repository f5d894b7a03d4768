import type { ResourceRef } from '@binnacle/machinery-meta';
import type { ResourceNames, SubresourceDefinition, Verb } from './definition.js';

export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

const readWrite: readonly Verb[] = ['get', 'patch', 'update'];

export const statusSubresource: SubresourceDefinition = { name: 'status', verbs: readWrite };
export const scaleSubresource: SubresourceDefinition = {
  name: 'scale',
  verbs: readWrite,
  gvk: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  roles: ['edit'],
};

/** The part of a definition that says where a kind is found. */
export interface Address {
  readonly group: string;
  readonly version: string;
  readonly names: ResourceNames;
  readonly namespaced: boolean;
}

export function addressOf(
  ref: ResourceRef,
  shortNames: readonly string[] = [],
  categories: readonly string[] = [],
): Address {
  const { group, version, plural, kind, namespaced } = ref;
  const names = { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, shortNames, categories };
  return { group, version, names, namespaced };
}
