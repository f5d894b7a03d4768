import { controllerOf, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectIndex } from '../related-objects.js';

export const nodeNameOf = (pod: UnstructuredObject): string | undefined =>
  (pod.spec as { nodeName?: string } | undefined)?.nodeName;

export const byController: ObjectIndex = {
  name: 'controller',
  keysOf: (object) => {
    const uid = controllerOf(object)?.uid;
    return uid ? [uid] : [];
  },
};
export const byOwner: ObjectIndex = {
  name: 'owner',
  keysOf: ({ metadata }) => [...new Set(metadata.ownerReferences?.map(({ uid }) => uid))],
};
export const byNode: ObjectIndex = {
  name: 'node',
  keysOf: (pod) => {
    const name = nodeNameOf(pod);
    return name ? [name] : [];
  },
};
export const labelKey = (name: string, value: string): string => `${name}=${value}`;
export const byLabel: ObjectIndex = {
  name: 'label',
  keysOf: ({ metadata }) => Object.entries(metadata.labels ?? {}).map(([name, value]) => labelKey(name, value)),
};

interface About {
  readonly uid?: string;
  readonly name?: string;
  readonly kind?: string;
}

export const aboutOf = (event: UnstructuredObject): About => (event.involvedObject as About | undefined) ?? {};
export const aboutKey = (kind = '', name = ''): string => `${kind}/${name}`;
export const byInvolved: ObjectIndex = {
  name: 'involved',
  keysOf: (event) => {
    const { kind, name } = aboutOf(event);
    return [aboutKey(kind, name)];
  },
};
