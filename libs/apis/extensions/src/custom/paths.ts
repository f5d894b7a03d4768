import { getMember, isJsonObject, setMember } from '@binnacle/machinery-patch';

/** The members on the way of a simple path such as `.spec.replicas`. */
export function simplePath(text: string): readonly string[] {
  return text.replace(/^\./, '').split('.');
}

const goTypes: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', number: 'float64' };

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (value === null) return '<nil>';
  if (typeof value === 'number' && Number.isInteger(value)) return 'int64';
  return goTypes[typeof value] ?? 'map[string]interface {}';
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null'));

/** What is found, or why the path leads to something else; an absent value is neither. */
export interface Found<T> {
  readonly value?: T;
  readonly problem?: string;
}

function accessor(path: readonly string[], value: unknown, expected: string): string {
  return `.${path.join('.')} accessor error: ${shown(value)} is of the type ${goType(value)}, expected ${expected}`;
}

function lookUp(object: unknown, path: readonly string[]): Found<unknown> {
  let value = object;
  for (const [depth, name] of path.entries()) {
    if (!isJsonObject(value)) {
      return { problem: accessor(path.slice(0, depth), value, 'map[string]interface{}') };
    }
    value = getMember(value, name);
    if (value === undefined) return {};
    if (value === null && depth < path.length - 1) return {};
  }
  return { value };
}

/** Behaves as apimachinery unstructured.NestedInt64. */
export function nestedInteger(object: unknown, path: readonly string[]): Found<number> {
  const { value, problem } = lookUp(object, path);
  if (problem !== undefined || value === undefined) return problem === undefined ? {} : { problem };
  if (typeof value === 'number' && Number.isInteger(value)) return { value };
  return { problem: accessor(path, value, 'int64') };
}

/** Behaves as apimachinery unstructured.NestedString. */
export function nestedText(object: unknown, path: readonly string[]): Found<string> {
  const { value, problem } = lookUp(object, path);
  if (problem !== undefined || value === undefined) return problem === undefined ? {} : { problem };
  return typeof value === 'string' ? { value } : { problem: accessor(path, value, 'string') };
}

/**
 * Sets a member, making objects on the way where there are none.
 * @throws Error where something else stands in the way.
 */
export function setNested(object: object, path: readonly string[], value: unknown): void {
  let at: unknown = object;
  for (const [depth, name] of path.entries()) {
    if (!isJsonObject(at)) {
      throw new Error(`value cannot be set because .${path.slice(0, depth).join('.')} is not a map[string]interface{}`);
    }
    if (depth === path.length - 1) return setMember(at, name, value);
    if (getMember(at, name) === undefined) setMember(at, name, {});
    at = getMember(at, name);
  }
}
