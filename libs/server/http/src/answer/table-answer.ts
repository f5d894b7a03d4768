import type { ResourceDefinition } from '@binnacle/apis-registry';
import { inTurns } from '@binnacle/server-flow-control';
import { newBadRequest, quote } from '@binnacle/machinery-meta';
import { jsonPieces, type OwnedObject, parseOwned, type StoredObject } from '@binnacle/server-storage';

/** Whether a row of a Table carries its object, the object's metadata, or nothing. */
export type IncludeObject = 'Metadata' | 'Object' | 'None';

export interface TableOptions {
  readonly metaVersion: 'v1' | 'v1beta1';
  readonly includeObject: IncludeObject;
  readonly noHeaders: boolean;
  readonly now: number;
}

const INCLUDES: readonly string[] = ['Metadata', 'Object', 'None'];

export function readIncludeObject(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') || 'Metadata';
  if (INCLUDES.includes(asked)) return asked as IncludeObject;
  const why = `includeObject: Invalid value: ${quote(asked)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw newBadRequest(`Unable to convert to Table as requested: ${why}`);
}

/** A PartialObjectMetadata as JSON; managed fields are handed on unread. */
export function partialText({ object, owners }: OwnedObject, metaVersion: string): string {
  const managed = owners && `"managedFields":${owners},`;
  const metadata = JSON.stringify(object.metadata).slice(1);
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${metaVersion}","metadata":{${managed}${metadata}}`;
}

interface Parsed extends OwnedObject {
  readonly stored: StoredObject;
}

function rowObject(row: Parsed, options: TableOptions): string {
  if (options.includeObject === 'None') return ',"object":null';
  if (options.includeObject === 'Object') return `,"object":${jsonPieces(row.stored).join('')}`;
  return `,"object":${partialText(row, options.metaVersion)}`;
}

const parsed = (stored: StoredObject): Parsed => ({ stored, ...parseOwned(stored) });

function rowOf({ printer }: ResourceDefinition, one: Parsed, options: TableOptions): string {
  const cells = printer.row(one.object, options.now);
  return `{"cells":${JSON.stringify(cells)}${rowObject(one, options)}}`;
}

/** All of a Table but its rows. `meta` is the metadata of the list. */
export function tableHead({ printer }: ResourceDefinition, meta: object, options: TableOptions): object {
  const columnDefinitions = options.noHeaders ? [] : printer.columns;
  return { kind: 'Table', apiVersion: `meta.k8s.io/${options.metaVersion}`, metadata: meta, columnDefinitions };
}

/** The rows of stored objects, as JSON, letting other requests in between. Rejects when the signal aborts. */
export async function tableRows(
  definition: ResourceDefinition,
  items: readonly StoredObject[],
  options: TableOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const { order } = definition.printer;
  if (!order) return inTurns(items, signal, (item) => rowOf(definition, parsed(item), options));
  // Only kinds there are few of have an order of their own.
  const all = items.map(parsed).sort((a, b) => order(a.object, b.object));
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
  const rows = items.map((item) => rowOf(definition, parsed(item), options));
  return `${opening},"rows":[${rows.join(',')}]}`;
}
