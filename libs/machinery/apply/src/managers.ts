import type { ManagedFieldsEntry } from '@binnacle/machinery-meta';
import { FieldSet } from './field-set.js';
import { Recent } from './recent.js';

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
  /** Its entry as it was read, while nothing of it has changed. */
  readonly entry?: string;
}

/** Managers by identity. An applier is the same whatever version it applies in. */
export type Managers = ReadonlyMap<string, Manager>;

type Identity = Omit<Manager, 'fields'>;

/** What managers are told apart by. */
export function identityOf({ name, operation, apiVersion, subresource }: Identity): string {
  return `${operation}${name.length}:${name}${operation === 'Apply' ? '' : apiVersion}\n${subresource}`;
}

/** The same as kube-apiserver writes it, by which it sorts. */
export function orderOf({ name, operation, apiVersion, subresource }: Identity): string {
  const version = operation === 'Apply' ? '' : apiVersion;
  return JSON.stringify({
    ...(name && { manager: name }),
    operation,
    ...(version && { apiVersion: version }),
    ...(subresource && { subresource }),
  });
}

/** The same manager with other fields. */
export function withFields(manager: Manager, fields: FieldSet): Manager {
  if (fields === manager.fields) return manager;
  const { name, operation, apiVersion, subresource, time } = manager;
  return { name, operation, apiVersion, subresource, ...(time && { time }), fields };
}

/** Between two entries; inside of one no object follows a comma, and the quotation marks of texts are escaped. */
const BETWEEN = /\},(?=\{"[a-z])/;
const FIELDS = ',"fieldsV1":';

/** A manager as its entry stands in an object. Most are written again as they are: what they own is not even read. */
class EntryManager implements Manager {
  readonly name: string;
  readonly operation: ManagerOperation;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time?: string;
  private known: FieldSet | undefined;
  private readonly at: number;

  constructor(readonly entry: string) {
    this.at = entry.indexOf(FIELDS);
    const said = JSON.parse(`${entry.slice(0, this.at)}}`) as ManagedFieldsEntry;
    this.name = said.manager ?? '';
    this.operation = said.operation === 'Apply' ? 'Apply' : 'Update';
    this.apiVersion = said.apiVersion ?? '';
    this.subresource = said.subresource ?? '';
    if (said.time) this.time = said.time;
  }

  get fields(): FieldSet {
    return (this.known ??= FieldSet.fromText(this.entry.slice(this.at + FIELDS.length, -1)));
  }
}

interface Kept {
  readonly text: string;
  readonly managers: Managers;
}

/** By the uid of their object: who writes one mostly writes it again. They are as much as their texts, which clients make long. */
const kept = new Recent<Kept>(4 * 1024 * 1024);

/** Reads managers from what `writeManagers` has written. They are shared; those of an object are found again by its uid. */
export function readManagers(text: string, uid?: string): Managers {
  if (text === '') return new Map();
  const known = uid === undefined ? undefined : kept.find(uid);
  return known?.text === text ? known.managers : parseManagers(text);
}

function parseManagers(text: string): Managers {
  const parts = text.slice(1, -1).split(BETWEEN);
  const entries = parts.map((part, at) => (at < parts.length - 1 ? `${part}}` : part));
  return new Map(entries.map((entry) => new EntryManager(entry)).map((manager) => [identityOf(manager), manager]));
}

const isReadable = ({ operation, apiVersion, fieldsType }: ManagedFieldsEntry): boolean =>
  (operation === 'Apply' || operation === 'Update') && Boolean(apiVersion) && fieldsType === 'FieldsV1';

/** Managers as a client tells them; undefined where it does not say them right. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[]): Managers | undefined {
  if (!entries.every(isReadable)) return undefined;
  try {
    return new Map(entries.map(decodeEntry).map((manager) => [identityOf(manager), manager]));
  } catch {
    // What fields they are cannot be read.
    return undefined;
  }
}

function decodeEntry({
  manager = '',
  operation,
  apiVersion = '',
  subresource = '',
  ...rest
}: ManagedFieldsEntry): Manager {
  const { time, fieldsV1 = {} } = rest;
  return {
    name: manager,
    operation: operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion,
    subresource,
    ...(time && { time }),
    fields: FieldSet.fromText(JSON.stringify(fieldsV1)),
  };
}

export function writeEntry({ name, operation, apiVersion, subresource, time, fields, entry }: Manager): string {
  if (entry !== undefined) return entry;
  const manager = name && `"manager":${JSON.stringify(name)},`;
  const when = time ? `"time":${JSON.stringify(time)},` : '';
  const where = subresource && `,"subresource":${JSON.stringify(subresource)}`;
  const head = `{${manager}"operation":"${operation}","apiVersion":${JSON.stringify(apiVersion)},${when}"fieldsType":"FieldsV1"${where}`;
  return `${head}${FIELDS}${fields.text}}`;
}

/** Seconds since the epoch; 0 where nobody knows. */
export const secondsOf = ({ time }: Manager): number => (time ? Math.floor(Date.parse(time) / 1_000) : 0);

const compareTexts = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

/** Times that are written alike need not be read. */
function compareTimes(left: Manager, right: Manager): number {
  return left.time === right.time ? 0 : secondsOf(left) - secondsOf(right);
}

function compareManagers(left: Manager, right: Manager): number {
  return (
    compareTexts(left.operation, right.operation) ||
    compareTimes(left, right) ||
    compareTexts(left.name, right.name) ||
    compareTexts(left.apiVersion, right.apiVersion) ||
    compareTexts(left.subresource, right.subresource)
  );
}

/**
 * The managers as the JSON text of `metadata.managedFields`: appliers first, then by time. Empty where there are none; those
 * that own nothing are left out.
 */
export function writeManagers(managers: Managers): string {
  const owners = [...managers.values()].filter((manager) => manager.entry !== undefined || !manager.fields.isEmpty);
  if (owners.length === 0) return '';
  return `[${owners.sort(compareManagers).map(writeEntry).join(',')}]`;
}

/** The same of managers that are likely to be read again: those of an object that was written before. */
export function writeAndKeep(managers: Managers, uid: string | undefined): string {
  const text = writeManagers(managers);
  if (text !== '' && uid !== undefined) kept.keep(uid, { text, managers: inOrder(managers) }, text.length);
  return text;
}

/** As they would be read. */
function inOrder(managers: Managers): Managers {
  const owners = [...managers].filter(([, manager]) => manager.entry !== undefined || !manager.fields.isEmpty);
  return new Map(owners.sort(([, left], [, right]) => compareManagers(left, right)));
}

/** Whether two are the same but for their times. */
export function equalButForTimes(left: Managers, right: Managers): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([id, { apiVersion, fields }]) => {
    const other = right.get(id);
    return other !== undefined && apiVersion === other.apiVersion && fields.equals(other.fields);
  });
}

export function ownedByAll(managers: Managers): FieldSet {
  return [...managers.values()].reduce((all, { fields }) => all.union(fields), FieldSet.empty);
}
