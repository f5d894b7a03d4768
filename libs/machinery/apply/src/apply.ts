import type { ManagedFieldsEntry, UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { ApplyType } from './apply-type.js';
import { clientSideFields, withLastApplied } from './client-side.js';
import { compareValues } from './compare.js';
import { type Conflict, conflictError } from './conflicts.js';
import { FieldSet } from './field-set.js';
import {
  decodeManagers,
  encodeManagers,
  identityOf,
  type Manager,
  type ManagerOperation,
  type Managers,
  ownedByAll,
} from './managers.js';
import { mergeValues } from './merge.js';
import { allFields, ownedFields, refuseRepeatedElements } from './owned-fields.js';
import { prune } from './prune.js';
import { typedPatchError } from './typed-patch.js';

/** Who writes what kind of object. */
export interface ManagedWrite {
  readonly type: ApplyType;
  /** Field manager: a query parameter, or the first word of the client's User-Agent. */
  readonly manager: string;
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource?: string;
  /** Top-level members this endpoint does not write, such as `status`; nobody comes to own them through it. */
  readonly resetFields?: readonly string[];
  /** RFC 3339. */
  readonly now: string;
}

/** The server's own fields, which nobody owns. */
const SERVER_FIELDS: readonly (readonly string[])[] = [
  ['f:apiVersion'],
  ['f:kind'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
];
const BEFORE_FIRST_APPLY = 'before-first-apply';
const CLIENT_SIDE_APPLY = 'kubectl-client-side-apply';
/** The name under which kubectl applies on either side, unless its user chooses another. */
const KUBECTL = 'kubectl';

function ownable(fields: FieldSet, { resetFields = [] }: ManagedWrite): FieldSet {
  const hidden = [...SERVER_FIELDS, ...resetFields.map((name) => [`f:${name}`])];
  const rest = hidden.reduce((set, path) => set.without(path), fields);
  const metadata = rest.child('f:metadata');
  const named = metadata.children.size === 0 ? rest.without(['f:metadata']) : rest;
  return FieldSet.of(false, named.children);
}

function managerOf(write: ManagedWrite, operation: ManagerOperation, fields: FieldSet): Manager {
  const { manager: name, apiVersion, subresource = '', now } = write;
  return { name, operation, apiVersion, subresource, time: now, fields };
}

function mapFields(managers: Managers, change: (manager: Manager) => FieldSet): Map<string, Manager> {
  return new Map([...managers].map(([id, manager]) => [id, { ...manager, fields: change(manager) }]));
}

/**
 * An object nobody ever applied is owned, at its first apply, by what made it. What client-side apply said of it has an
 * entry of its own: kubectl takes that one over, and with it everything in it that its user no longer says.
 */
function withFirstOwner(managers: Managers, live: UnstructuredObject, write: ManagedWrite): Managers {
  if (managers.size > 0 || !live.metadata.uid) return managers;
  const whole = { ...write, subresource: '', resetFields: [] };
  const fields = ownable(allFields(live, write.type), whole);
  const said = ownable(clientSideFields(live, write.type, write.apiVersion) ?? FieldSet.empty, whole);
  const owners = [
    managerOf({ ...whole, manager: CLIENT_SIDE_APPLY }, 'Update', said),
    managerOf({ ...whole, manager: BEFORE_FIRST_APPLY }, 'Update', fields.difference(said)),
  ];
  return new Map(
    owners.filter((owner) => !owner.fields.isEmpty).map(({ time: _time, ...owner }) => [identityOf(owner), owner]),
  );
}

/** Entries that differ in nothing but times are the old ones, so that applying the same again changes nothing. */
function sameBut(
  entries: ManagedFieldsEntry[],
  old: readonly ManagedFieldsEntry[] = [],
): readonly ManagedFieldsEntry[] {
  const timeless = (list: readonly ManagedFieldsEntry[]) =>
    list.map(({ time: _time, ...entry }) => JSON.stringify(entry)).sort();
  return semanticEqual(timeless(entries), timeless(old)) ? old : entries;
}

function withEntries(object: JsonObject, entries: readonly ManagedFieldsEntry[]): UnstructuredObject {
  const { managedFields: _managedFields, ...metadata } = isJsonObject(object.metadata) ? object.metadata : {};
  const managed = entries.length > 0 ? { managedFields: [...entries] } : {};
  return { ...object, metadata: { ...metadata, ...managed } } as UnstructuredObject;
}

function withoutReset(config: JsonObject, { resetFields = [] }: ManagedWrite): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !resetFields.includes(name)));
}

/**
 * Server-side apply: puts a configuration over the live object (or over nothing), takes away what the applier owned
 * before and no longer says, and notes who owns what. Nothing given is changed. Defaults are the caller's to fill in.
 * @throws StatusError Conflict where the change would alter fields of other managers and `force` is not set.
 */
export function applyConfiguration(
  live: UnstructuredObject | undefined,
  config: UnstructuredObject,
  write: ManagedWrite & { readonly force?: boolean },
): UnstructuredObject {
  const wanted = withoutReset(config, write);
  refuseRepeatedElements(wanted, write.type, (why) => typedPatchError(config, why));
  const before = live ?? ({ metadata: {} } as UnstructuredObject);
  const managers = withFirstOwner(decodeManagers(before.metadata.managedFields), before, write);
  const applier = managerOf(write, 'Apply', ownable(ownedFields(wanted, write.type), write));
  const id = identityOf(applier);
  const others = new Map([...managers].filter(([other]) => other !== id));
  const last = managers.get(id)?.fields ?? FieldSet.empty;
  const merged = cloneJson(mergeValues(before, wanted, write.type));
  const owned = ownedByAll(new Map([...others, [id, applier]]));
  const next = prune(merged, write.type, last, owned) as JsonObject;
  const { changed, removed } = compareValues(before, next, write.type);
  const conflicts = conflictsOf(others, changed.difference(upgradable(before, write)));
  if (conflicts.length > 0 && !write.force) throw conflictError(conflicts);
  const rest = mapFields(others, ({ fields }) => fields.difference(changed).difference(removed));
  const entries = sameBut(encodeManagers(rest.set(id, applier)), before.metadata.managedFields);
  const applied = withEntries(next, entries);
  return isKubectl(write) ? withLastApplied(applied, config) : applied;
}

const isKubectl = ({ manager, subresource = '' }: ManagedWrite): boolean => manager === KUBECTL && subresource === '';

/** What kubectl itself said by client-side apply it may change by server-side apply: that is how one moves to the other. */
function upgradable(live: UnstructuredObject, write: ManagedWrite): FieldSet {
  const said = isKubectl(write) ? clientSideFields(live, write.type, write.apiVersion) : undefined;
  return said ?? FieldSet.empty;
}

function conflictsOf(others: Managers, changed: FieldSet): Conflict[] {
  return [...others.values()]
    .map((manager) => ({ manager, fields: manager.fields.intersection(changed) }))
    .filter(({ fields }) => !fields.isEmpty);
}

const isReset = (entries: readonly ManagedFieldsEntry[] | undefined): boolean =>
  entries?.length === 1 && Object.keys(entries[0] ?? {}).length === 0;

/**
 * Notes what a write that is no apply (create, update, patch) took over. Objects nobody ever applied carry no managed
 * fields, so most writes cost nothing here. Entries the client itself changed are taken as given; `[{}]` forgets all.
 * @returns the managed fields the next state carries.
 */
export function trackUpdate(
  live: UnstructuredObject,
  next: UnstructuredObject,
  write: ManagedWrite,
): readonly ManagedFieldsEntry[] {
  const given = next.metadata.managedFields;
  if (isReset(given)) return [];
  const base = given && given.length > 0 ? given : live.metadata.managedFields;
  const managers = decodeManagers(base);
  if (!base || managers.size === 0) return [];
  const { changed, removed } = compareValues(live, next, write.type);
  const taken = ownable(changed, write);
  const rest = mapFields(managers, ({ fields }) => fields.difference(changed).difference(removed));
  const writer = managerOf(write, 'Update', taken);
  const id = identityOf(writer);
  const own = rest.get(id);
  if (!taken.isEmpty) rest.set(id, { ...writer, fields: own ? own.fields.union(taken) : taken });
  return sameBut(encodeManagers(rest), base);
}
