import { finished, type Steps } from '@binnacle/machinery-context';
import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import { equalJson } from '@binnacle/machinery-patch';
import { clientSideFields, isKubectl, withLastApplied } from './client-side.js';
import { type Conflict, conflictError } from './conflicts.js';
import { FieldSet } from './field-set.js';
import { identityOf, type Manager, type Managers, ownedByAll, readManagers, writeManagers } from './managers.js';
import { mergeValues } from './merge.js';
import { prune } from './prune.js';
import { fieldsOf } from './to-set.js';
import { afterUpdate, withoutTaken } from './track.js';
import { typedPatchError } from './typed-patch.js';
import { configurationFault } from './validate.js';
import { Comparisons, type ManagedWrite, type Owned, ownable, writable, writerOf } from './write.js';

export interface ApplyWrite extends ManagedWrite {
  readonly force?: boolean;
}

const BEFORE_FIRST_APPLY = 'before-first-apply';
const NOTHING: Owned = { object: { metadata: {} } as UnstructuredObject, owners: '' };

/** An object of which nobody is told to own anything belongs, at its first apply, to what was before. */
function managersBefore({ object, owners }: Owned, write: ManagedWrite): Managers {
  const managers = readManagers(owners);
  if (managers.size > 0) return managers;
  const comparisons = new Comparisons(undefined, object, write);
  return afterUpdate(managers, comparisons, { ...write, manager: BEFORE_FIRST_APPLY });
}

/**
 * Refuses a configuration that does not fit the schema of its kind.
 * @throws StatusError
 */
export function checkConfiguration(config: UnstructuredObject, { type }: Pick<ManagedWrite, 'type'>): void {
  if (Array.isArray(config.metadata?.managedFields)) throw newBadRequest('metadata.managedFields must be nil');
  const fault = configurationFault(config, type);
  if (fault !== undefined) throw typedPatchError(config, fault);
}

function conflictsWith(others: Managers, comparisons: Comparisons): Conflict[] {
  return [...others.values()].flatMap((manager) => {
    const changed = comparisons.in(manager.apiVersion)?.changed ?? FieldSet.empty;
    const fields = manager.fields.intersection(changed);
    return fields.isEmpty ? [] : [{ manager, fields }];
  });
}

/** The conflicts that are left of some, those that client-side apply accounts for excepted. */
function unaccounted(
  conflicts: readonly Conflict[],
  live: UnstructuredObject,
  write: ManagedWrite,
): readonly Conflict[] {
  if (conflicts.length === 0 || !isKubectl(write)) return conflicts;
  const allowed = clientSideFields(live, write);
  const rest = conflicts.map(({ manager, fields }) => ({ manager, fields: fields.difference(allowed) }));
  return rest.filter(({ fields }) => !fields.isEmpty);
}

/** What the applier owned before, in the form of the write's version. */
function lastFields(last: Manager | undefined, { apiVersion }: ManagedWrite): FieldSet {
  return last?.apiVersion === apiVersion ? last.fields : FieldSet.empty;
}

/** The applier afterwards. An apply that changed nothing leaves its time as it was. */
function applierAfter(applier: Manager, last: Manager | undefined, isChanged: boolean, now?: string): Manager {
  const time = isChanged ? now : last?.time;
  return { ...applier, fields: ownable(applier.fields), ...(time !== undefined && { time }) };
}

/**
 * Server-side apply: puts a configuration over the live object (or over nothing), takes away what the applier owned
 * before and no longer says, and notes who owns what. Nothing given is changed, and what is answered shares parts with it.
 * Nulls and values in forms of their own are the caller's to bring into shape, and defaults to fill in. Behaves as kubernetes
 * apimachinery pkg/util/managedfields FieldManager.Apply.
 * @throws StatusError Conflict where the change would alter fields of other managers and `force` is not set.
 */
export const applyConfiguration = (live: Owned | undefined, config: UnstructuredObject, write: ApplyWrite): Owned =>
  finished(applySteps(live, config, write));

/**
 * The same in steps.
 * @throws StatusError Conflict
 */
export function* applySteps(live: Owned | undefined, config: UnstructuredObject, write: ApplyWrite): Steps<Owned> {
  const before = live ?? NOTHING;
  const managers = managersBefore(before, write);
  yield;
  const applier = writerOf(write, 'Apply', writable(fieldsOf(config, write.type), write));
  yield;
  const id = identityOf(applier);
  const last = managers.get(id);
  const others = new Map([...managers].filter(([other]) => other !== id));
  const merged = mergeValues(before.object, config, write.type);
  yield;
  const all = ownedByAll(others).union(applier.fields);
  const kept = prune(merged, write.type, {
    last: lastFields(last, write),
    own: applier.fields,
    all,
  }) as Pick<UnstructuredObject, 'apiVersion' | 'kind'> & Partial<UnstructuredObject>;
  const next = { ...kept, metadata: kept.metadata ?? {} };
  yield;
  const comparisons = new Comparisons(before.object, next, write);
  if (!write.force) refuseConflicts(unaccounted(conflictsWith(others, comparisons), before.object, write));
  yield;
  const rest = withoutTaken(others, comparisons);
  const after = applierAfter(applier, last, !equalJson(before.object, next), write.now);
  if (!after.fields.isEmpty) rest.set(id, after);
  yield;
  const object = isKubectl(write) ? withLastApplied(next, config) : next;
  return { object, owners: writeManagers(rest) };
}

/** @throws StatusError */
function refuseConflicts(conflicts: readonly Conflict[]): void {
  if (conflicts.length > 0) throw conflictError(conflicts);
}
