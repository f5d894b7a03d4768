type Fields = Readonly<Record<string, unknown>>;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

const valueOf = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);

function equalFields(left: Fields, right: Fields): boolean {
  for (const key of Object.keys(left)) if (!semanticEqual(left[key], valueOf(right, key))) return false;
  for (const key of Object.keys(right)) if (!Object.hasOwn(left, key) && !isEmpty(right[key])) return false;
  return true;
}

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (!semanticEqual(left[index], right[index])) return false;
  return true;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Whether two JSON values mean the same: order of keys does not count, and absent, null, `{}` and `[]` are one.
 * Behaves as kubernetes equality.Semantic.DeepEqual; quantities are compared as text.
 */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isObject(left) || !isObject(right)) return isEmpty(left) && isEmpty(right);
  if (Array.isArray(left) !== Array.isArray(right)) return isEmpty(left) && isEmpty(right);
  return Array.isArray(left) ? equalLists(left, right as unknown[]) : equalFields(left as Fields, right as Fields);
}
