import { controllerOf } from '@binnacle/machinery-meta';
import type { StoredObject } from '@binnacle/server-storage';
import type { ObjectIndex } from '../related-objects.js';

export const byController: ObjectIndex = {
  name: 'controller',
  keysOfObject: (object) => {
    const uid = controllerOf(object)?.uid;
    return uid ? [uid] : [];
  },
};
export const byOwner: ObjectIndex = {
  name: 'owner',
  keysOfObject: ({ metadata }) => [...new Set(metadata.ownerReferences?.map(({ uid }) => uid))],
};

const fieldOf = ({ attributes }: StoredObject, name: string): string => attributes.fields[name] ?? '';

/** By a selectable field. */
export const byField = (field: string): ObjectIndex => ({
  name: `field ${field}`,
  keysOfStored: (stored) => {
    const value = fieldOf(stored, field);
    return value ? [value] : [];
  },
});
export const labelKey = (name: string, value: string): string => `${name}=${value}`;
export const byLabel: ObjectIndex = {
  name: 'label',
  keysOfStored: ({ attributes }) => Object.entries(attributes.labels).map(([name, value]) => labelKey(name, value)),
};

export const aboutKey = (kind = '', name = ''): string => `${kind}/${name}`;
export const aboutUidOf = (event: StoredObject): string => fieldOf(event, 'involvedObject.uid');
export const byInvolved: ObjectIndex = {
  name: 'involved',
  keysOfStored: (event) => [aboutKey(fieldOf(event, 'involvedObject.kind'), fieldOf(event, 'involvedObject.name'))],
};
