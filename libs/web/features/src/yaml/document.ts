import type { UnstructuredObject } from '@binnacle/web-data';
import { dump, load, YAMLException } from 'js-yaml';

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
  return dump(shown, { lineWidth: 120, noRefs: true });
}

export type ParsedYaml =
  | { readonly object: UnstructuredObject }
  | { readonly message: string /** 1-based. */; readonly line: number };

export function parseYaml(text: string): ParsedYaml {
  try {
    const value = load(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { message: 'the document must be one object', line: 1 };
    }
    return { object: value as UnstructuredObject };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { message: error.reason, line: (error.mark?.line ?? 0) + 1 };
  }
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
