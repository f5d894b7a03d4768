import { formatYaml, parseYaml as readYaml, YamlSyntaxError } from '@binnacle/machinery-yaml';
import type { UnstructuredObject } from '@binnacle/web-data';

/** What a reader looks for first; the rest follows, and what is long stands last. */
const FIRST = ['name', 'generateName', 'namespace', 'labels'];
const LAST = ['annotations', 'managedFields'];

function inReadingOrder(metadata: UnstructuredObject['metadata']): object {
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : LAST.indexOf(name) + 1);
  return Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => place(a) - place(b)));
}

/** The object as text. Managed fields are left out unless asked for: they are long and nobody edits them. */
export function toYaml(object: UnstructuredObject, withManagedFields = false): string {
  const { managedFields, ...metadata } = object.metadata;
  const { apiVersion, kind, metadata: _, ...rest } = object;
  const shown = {
    apiVersion,
    kind,
    metadata: inReadingOrder(withManagedFields && managedFields ? { ...metadata, managedFields } : metadata),
    ...rest,
  };
  return formatYaml(shown);
}

type ParsedYaml =
  | { readonly object: UnstructuredObject }
  | { readonly message: string /** 1-based. */; readonly line: number };

/** What the reader says of the first key that is given twice. */
const REPEATED = /line (\d+): (key .* already set in map)/;

/** Reads the text as the server would, and takes no key twice. */
export function parseYaml(text: string): ParsedYaml {
  try {
    const { value, repeated } = readYaml(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { message: 'the document must be one object', line: 1 };
    }
    const twice = REPEATED.exec(repeated[0] ?? '');
    if (twice) return { message: twice[2] ?? '', line: Number(twice[1]) };
    return { object: value as UnstructuredObject };
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    return { message: error.message.replace(/^yaml: (?:line \d+: )?/, ''), line: error.line ?? 1 };
  }
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object as it would be put on that version of itself. What is no metadata stays as it is, for the server to say so. */
export function atVersion(object: UnstructuredObject, resourceVersion: string | undefined): UnstructuredObject {
  const metadata: unknown = object.metadata;
  if (!isFields(metadata) || !resourceVersion) return object;
  return { ...object, metadata: { ...metadata, resourceVersion } };
}

/** The item a list's item is compared with: the one of the same name, else the one at the same place. */
function counterpart(list: readonly unknown[], item: unknown, index: number): unknown {
  const { name } = isFields(item) ? item : {};
  if (typeof name !== 'string') return list[index];
  return list.find((other) => isFields(other) && other['name'] === name) ?? list[index];
}

/** The same value with its keys in the order they have in `model`; what only it has stands last. Order says nothing in YAML. */
export function inOrderOf<T>(model: unknown, value: T): T {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = Array.isArray(model) ? model : [];
    return value.map((item: unknown, index) => inOrderOf(counterpart(list, item, index), item)) as T;
  }
  if (!isFields(value)) return value;
  const known = isFields(model) ? model : {};
  const keys = [...Object.keys(known), ...Object.keys(value).filter((key) => !Object.hasOwn(known, key))];
  const entries = keys.filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(entries.map((key) => [key, inOrderOf(known[key], value[key])])) as T;
}

/** Without the figures that count changes: that they move is no news in a comparison. */
export function withoutCounters({ metadata, ...rest }: UnstructuredObject): UnstructuredObject {
  const { resourceVersion: _, generation: __, ...meta } = metadata;
  return { ...rest, metadata: meta } as UnstructuredObject;
}

/** What a writer may change; two objects that agree in this do not conflict, whatever happened to the status. */
function authored({ status: _, metadata, ...rest }: UnstructuredObject): unknown {
  const { resourceVersion: _v, generation: _g, managedFields: _m, ...meta } = metadata;
  return { ...rest, metadata: meta };
}

/** Equal as JSON, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => key in right && sameJson(left[key], right[key]))
  );
}

/** True where somebody else has changed more than the status since `base` was read. */
export function changedByOthers(base: UnstructuredObject, now: UnstructuredObject): boolean {
  return !sameJson(authored(base), authored(now));
}
