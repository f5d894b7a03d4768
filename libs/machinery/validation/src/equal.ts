type Fields = Readonly<Record<string, unknown>>;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

function equalFields(left: Fields, right: Fields): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => semanticEqual(left[key], right[key]));
}

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => semanticEqual(item, right[index]));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Whether two JSON values mean the same: order of keys does not count, and absent, null, `{}` and `[]` are one.
 * Behaves as kubernetes equality.Semantic.DeepEqual; quantities are compared as text.
 */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (left === right || (isEmpty(left) && isEmpty(right))) return true;
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  return Array.isArray(left) ? equalLists(left, right as unknown[]) : equalFields(left as Fields, right as Fields);
}
