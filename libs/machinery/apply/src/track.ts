import type { ManagedFieldsEntry, UnstructuredObject } from '@binnacle/machinery-meta';
import { capped } from './cap.js';
import type { Comparison } from './compare.js';
import type { FieldSet } from './field-set.js';
import {
  decodeManagers,
  identityOf,
  type Manager,
  type Managers,
  readManagers,
  withFields,
  writeAndKeep,
  writeEntry,
} from './managers.js';
import { ElementFault } from './walk.js';
import { Comparisons, madeFields, type ManagedWrite, type Owned, ownable, writerOf } from './write.js';

const isReset = (entries: readonly ManagedFieldsEntry[]): boolean =>
  entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] ?? {}).length === 0);

/** The managers a write starts from: those the client sent, where it may and did, else the present ones. */
function managersBefore(
  { object, owners }: Owned,
  given: readonly ManagedFieldsEntry[] | undefined,
  write: ManagedWrite,
): Managers {
  const { uid } = object.metadata;
  if (!given || write.subresource) return readManagers(owners, uid);
  if (isReset(given)) return new Map();
  const said = decodeManagers(given);
  return said && said.size > 0 ? said : readManagers(owners, uid);
}

/** Managers without what a write took from them; those of versions that are gone go too. */
export function withoutTaken(managers: Managers, comparisons: Comparisons): Map<string, Manager> {
  const rest = new Map<string, Manager>();
  for (const [id, manager] of managers) {
    const comparison = comparisons.in(manager.apiVersion);
    const left = comparison && withoutChanged(manager, comparison);
    if (left) rest.set(id, left);
  }
  return rest;
}

/** What is left of a manager, if anything is. */
function withoutChanged(manager: Manager, { changed, removed }: Comparison): Manager | undefined {
  const { entry } = manager;
  if (entry !== undefined && !mentions(entry, changed) && !mentions(entry, removed)) return manager;
  const left = withFields(manager, manager.fields.difference(changed).difference(removed));
  return left.fields.isEmpty ? undefined : left;
}

/** Whether an entry, still unread, can have to do with a set. */
const mentions = (entry: string, { elements }: FieldSet): boolean =>
  elements.some((element) => entry.includes(JSON.stringify(element)));

/** The managers after a write that is no apply. */
export function afterUpdate(managers: Managers, comparisons: Comparisons, write: ManagedWrite): Managers {
  const rest = withoutTaken(managers, comparisons);
  const writer = writerOf(write, 'Update', ownable(comparisons.own.changed));
  if (writer.fields.isEmpty) return rest;
  const id = identityOf(writer);
  const own = rest.get(id)?.fields;
  const fields = own ? own.union(writer.fields) : writer.fields;
  rest.set(id, { ...writer, ...(write.now && { time: write.now }), fields });
  return capped(rest);
}

/** Whoever makes an object owns what is in it. */
function ownersOfNew(next: UnstructuredObject, write: ManagedWrite): string {
  const fields = madeFields(next, write);
  if (fields.isEmpty) return '';
  return `[${writeEntry({ ...writerOf(write, 'Update', fields), ...(write.now && { time: write.now }) })}]`;
}

function ownersOfChanged(live: Owned | undefined, next: UnstructuredObject, write: ManagedWrite): string {
  const given = next.metadata.managedFields;
  const comparisons = new Comparisons(live?.object, next, write);
  const { changed, removed } = comparisons.own;
  if (live && !given && changed.isEmpty && removed.isEmpty) return live.owners;
  const before = managersBefore(live ?? { object: next, owners: '' }, given, write);
  return writeAndKeep(afterUpdate(before, comparisons, write), live?.object.metadata.uid);
}

/**
 * Notes what a write that is no apply (create, update, patch) took over; of a create there is no `live` object. `next` may carry managed fields as its client sent them: those are where it starts from, and `[]` and `[{}]` forget
 * all. Behaves as kubernetes apimachinery pkg/util/managedfields FieldManager.UpdateNoErrors.
 * @returns the managed fields the next state carries, as JSON text.
 */
export function trackUpdate(live: Owned | undefined, next: UnstructuredObject, write: ManagedWrite): string {
  try {
    const isNew = !live && !next.metadata.managedFields;
    return isNew ? ownersOfNew(next, write) : ownersOfChanged(live, next, write);
  } catch (error) {
    if (error instanceof ElementFault) return '';
    throw error;
  }
}
