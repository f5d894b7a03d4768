import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import { jsonPieces, parseBody, type StoredObject } from '@binnacle/server-storage';

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
  throw newBadRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
}

export function partialMetadata(object: UnstructuredObject, metaVersion: string): object {
  const { metadata } = object;
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata };
}

function rowObject(object: UnstructuredObject, stored: StoredObject, options: TableOptions): string {
  if (options.includeObject === 'None') return '';
  if (options.includeObject === 'Object') return `,"object":${jsonPieces(stored).join('')}`;
  return `,"object":${JSON.stringify(partialMetadata(object, options.metaVersion))}`;
}

function row(definition: ResourceDefinition, stored: StoredObject, options: TableOptions): string {
  const object = parseBody(stored);
  const cells = definition.printer.row(object, options.now);
  return `{"cells":${JSON.stringify(cells)}${rowObject(object, stored, options)}}`;
}

/** A Table of stored objects, as `kubectl get` prints it. `meta` is the metadata of the list. */
export function tableOf(
  definition: ResourceDefinition,
  items: readonly StoredObject[],
  meta: object,
  options: TableOptions,
): string {
  const columns = options.noHeaders ? [] : definition.printer.columns;
  const head = { kind: 'Table', apiVersion: `meta.k8s.io/${options.metaVersion}`, metadata: meta };
  const opening = JSON.stringify({ ...head, columnDefinitions: columns }).slice(0, -1);
  const rows = items.map((item) => row(definition, item, options));
  return `${opening},"rows":[${rows.join(',')}]}`;
}
