import { type Cell, type ColumnDefinition, humanDuration, type TablePrinter } from '@binnacle/apis-registry';
import { parseTime, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { CustomResourceColumnDefinition } from '../crd/types.js';
import { sortedKeys } from '../objects/canonical.js';
import { type JsonPath, jsonPathOrNone } from '../json-path/find.js';

const NAME: ColumnDefinition = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  priority: 0,
};

const AGE: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
};

type Show = (value: unknown, now: number) => Cell;

function text(value: unknown): Cell {
  return typeof value === 'object' ? JSON.stringify(sortedKeys(value)) : String(value);
}

function age(value: unknown, now: number): Cell {
  if (typeof value !== 'string') return null;
  const time = parseTime(value);
  return time === undefined ? '<invalid>' : humanDuration(now - time);
}

const SHOW: Readonly<Record<string, Show>> = {
  string: text,
  integer: (value) => (typeof value === 'number' ? Math.trunc(value) : null),
  number: (value) => (typeof value === 'number' ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date: age,
};

interface Column {
  readonly find: JsonPath | undefined;
  readonly show: Show;
}

function cell({ find, show }: Column, object: UnstructuredObject, now: number): Cell {
  const [value] = find?.(object) ?? [];
  return value === undefined || value === null ? null : show(value, now);
}

function header({
  name,
  type,
  format,
  description,
  jsonPath,
  priority,
}: CustomResourceColumnDefinition): ColumnDefinition {
  return {
    name,
    type: type as ColumnDefinition['type'],
    format: format ?? '',
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority ?? 0,
  };
}

/**
 * Prints objects by the columns of their definition, or with their age alone.
 * Behaves as kubernetes apiextensions-apiserver pkg/registry/customresource/tableconvertor.
 */
export function customPrinter(
  definitions: readonly CustomResourceColumnDefinition[] = [],
): TablePrinter<UnstructuredObject> {
  const shown = definitions.length > 0 ? definitions : [AGE];
  const columns = shown.map(({ jsonPath, type }) => ({
    find: jsonPathOrNone(jsonPath),
    show: SHOW[type] ?? (() => null),
  }));
  return {
    columns: [NAME, ...shown.map(header)],
    row: (object, now) => [object.metadata.name ?? '', ...columns.map((column) => cell(column, object, now))],
  };
}
