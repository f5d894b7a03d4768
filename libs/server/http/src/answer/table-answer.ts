import { printedFor, type ResourceDefinition } from '@binnacle/apis-registry';
import { inTurns } from '@binnacle/server-flow-control';
import { newBadRequest, quote, type UnstructuredObject } from '@binnacle/machinery-meta';
import { jsonPieces, metadataPieces, type StoredObject } from '@binnacle/server-storage';
import { type PrintedRow, RecentlyRead } from './recently-read.js';

/** Whether a row of a Table carries its object, the object's metadata, or nothing. */
export type IncludeObject = 'Metadata' | 'Object' | 'None';

export interface TableOptions {
  readonly metaVersion: 'v1' | 'v1beta1';
  readonly includeObject: IncludeObject;
  readonly noHeaders: boolean;
  readonly now: number;
}

/** Whoever looks at a list mostly looks at it again. */
const recentlyRead = new RecentlyRead();

const INCLUDES: readonly string[] = ['Metadata', 'Object', 'None'];

export function readIncludeObject(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') || 'Metadata';
  if (INCLUDES.includes(asked)) return asked as IncludeObject;
  const why = `includeObject: Invalid value: ${quote(asked)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw newBadRequest(`Unable to convert to Table as requested: ${why}`);
}

/** JSON in one or several pieces. */
export type Pieces = (string | Buffer)[];

/** A PartialObjectMetadata as JSON: a part of the stored bytes, handed on unread. */
export function partialPieces(stored: StoredObject, metaVersion: string): Pieces {
  const [opening, metadata] = metadataPieces(stored);
  const head = `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${metaVersion}","metadata":`;
  return [head + opening, metadata, '}'];
}

function rowObject(stored: StoredObject, { includeObject, metaVersion }: TableOptions): Pieces {
  if (includeObject === 'None') return ['null'];
  return includeObject === 'Object' ? jsonPieces(stored) : partialPieces(stored, metaVersion);
}

/** What is printed of an object, which is not to be changed. */
const printed = (stored: StoredObject): UnstructuredObject => recentlyRead.get(stored).object;

function printRow(
  definition: ResourceDefinition,
  stored: StoredObject,
  form: string,
  options: TableOptions,
): PrintedRow {
  const { now } = options;
  const { printed: cells, holds } = printedFor(() => definition.printer.row(printed(stored), now));
  const [opening = '', ...rest] = rowObject(stored, options);
  const pieces = [`{"cells":${JSON.stringify(cells)},"object":${opening}`, ...rest, '}'];
  return { definition, form, from: now, until: now + holds, pieces };
}

const isTrue = (row: PrintedRow, definition: ResourceDefinition, form: string, now: number): boolean =>
  row.definition === definition && row.form === form && row.from <= now && now < row.until;

/** The row of an object: who looks again sees the same one, as long as neither the object nor a text of a time changes. */
function rowOf(definition: ResourceDefinition, stored: StoredObject, options: TableOptions): Pieces {
  const read = recentlyRead.get(stored);
  const form = `${options.includeObject} ${options.metaVersion}`;
  if (!read.row || !isTrue(read.row, definition, form, options.now)) {
    read.row = printRow(definition, stored, form, options);
  }
  return read.row.pieces;
}

/** All of a Table but its rows. `meta` is the metadata of the list. */
export function tableHead({ printer }: ResourceDefinition, meta: object, options: TableOptions): object {
  const columnDefinitions = options.noHeaders ? [] : printer.columns;
  return { kind: 'Table', apiVersion: `meta.k8s.io/${options.metaVersion}`, metadata: meta, columnDefinitions };
}

/** The rows of stored objects, as JSON, letting other requests in between. Rejects with why it ends when it does. */
export async function tableRows(
  definition: ResourceDefinition,
  items: readonly StoredObject[],
  options: TableOptions,
  signal: AbortSignal,
): Promise<Pieces[]> {
  const { order } = definition.printer;
  if (!order) return inTurns(items, signal, (item) => rowOf(definition, item, options));
  // Only kinds there are few of have an order of their own.
  const all = [...items].sort((a, b) => order(printed(a), printed(b)));
  return all.map((one) => rowOf(definition, one, options));
}

/** A Table of few stored objects, as `kubectl get` prints it. */
export function tableOf(
  definition: ResourceDefinition,
  items: readonly StoredObject[],
  meta: object,
  options: TableOptions,
): string {
  const opening = JSON.stringify(tableHead(definition, meta, options)).slice(0, -1);
  const rows = items.map((item) => rowOf(definition, item, options).join(''));
  return `${opening},"rows":[${rows.join(',')}]}`;
}
