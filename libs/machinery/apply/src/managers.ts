import type { ManagedFieldsEntry } from '@binnacle/machinery-meta';
import { FieldSet } from './field-set.js';

export type ManagerOperation = 'Apply' | 'Update';

/** Who owns a set of fields. */
export interface Manager {
  readonly name: string;
  readonly operation: ManagerOperation;
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339, of the last change of the set. */
  readonly time?: string;
  readonly fields: FieldSet;
}

/** Managers by identity. An applier is the same whatever version it applies in. */
export type Managers = ReadonlyMap<string, Manager>;

export function identityOf({ name, operation, apiVersion, subresource }: Omit<Manager, 'fields' | 'time'>): string {
  return JSON.stringify([operation, name, subresource, operation === 'Apply' ? '' : apiVersion]);
}

/** @throws StatusError BadRequest where the fields of an entry are malformed. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] = []): Managers {
  const managers = new Map<string, Manager>();
  for (const entry of entries) {
    if (!entry.operation) continue;
    const manager: Manager = {
      name: entry.manager ?? '',
      operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: entry.apiVersion ?? '',
      subresource: entry.subresource ?? '',
      ...(entry.time && { time: entry.time }),
      fields: FieldSet.fromJson(entry.fieldsV1 ?? {}),
    };
    const known = managers.get(identityOf(manager));
    managers.set(identityOf(manager), known ? { ...manager, fields: known.fields.union(manager.fields) } : manager);
  }
  return managers;
}

function encode({ name, operation, apiVersion, subresource, time, fields }: Manager): ManagedFieldsEntry {
  return {
    manager: name,
    operation,
    apiVersion,
    ...(time && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields.toJson(),
    ...(subresource && { subresource }),
  };
}

const orderKey = ({ operation, time, name, apiVersion, subresource }: Manager): string =>
  [operation, time ?? '', name, apiVersion, subresource].join('\u0000');

/** Appliers first, then by time. Managers that own nothing are left out. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] {
  const owners = [...managers.values()].filter(({ fields }) => !fields.isEmpty);
  return owners.sort((left, right) => (orderKey(left) < orderKey(right) ? -1 : 1)).map(encode);
}

export function ownedByAll(managers: Managers): FieldSet {
  return [...managers.values()].reduce((all, { fields }) => all.union(fields), FieldSet.empty);
}
