/** A JSON object whose members are not known. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a member; one called `__proto__` becomes a plain member too, as JSON.parse makes it. */
export function setMember(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}

export function getMember(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A copy that shares nothing with the original. */
export function cloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map((element: unknown) => cloneJson(element)) as T;
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) setMember(copy, key, cloneJson(value[key]));
  return copy as T;
}

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (!equalJson(left[index], right[index])) return false;
  return true;
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key) || !equalJson(left[key], right[key])) return false;
  return true;
}

/** Equality of JSON values; the order of members does not count. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  return isJsonObject(left) && isJsonObject(right) && equalObjects(left, right);
}

/** The word Go's decoder uses for a value of that JSON type. */
export function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null || value === undefined) return 'null';
  const names: Record<string, string> = { boolean: 'bool', number: 'number', string: 'string', object: 'object' };
  return names[typeof value] ?? 'value';
}

/**
 * About how many characters a value is written in, counting what is shared as often as it stands there; stops counting
 * at `limit`. YAML can share values so often that a small body would be written as gigabytes.
 */
export function expandedSize(value: unknown, limit: number): number {
  const waiting: unknown[] = [value];
  let size = 0;
  while (waiting.length > 0 && size < limit) {
    const next = waiting.pop();
    size += typeof next === 'string' ? next.length + 1 : 1;
    if (Array.isArray(next)) for (const item of next) waiting.push(item);
    else if (isJsonObject(next)) {
      for (const [key, member] of Object.entries(next)) {
        size += key.length;
        waiting.push(member);
      }
    }
  }
  return size;
}

/** A value as Go prints it with `%+v`. */
export function goText(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isJsonObject(value)) return String(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goText(value[key])}`);
  return `map[${members.join(' ')}]`;
}
