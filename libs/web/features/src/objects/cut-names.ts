/** As many letters at the start of a name can always be seen. */
const HEAD_LETTERS = 8;

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Where names begin to differ that begin alike: what stands before may be cut off, what comes after tells them apart. By the
 * first letters of a name; names that differ early are not in it.
 */
export function branchPoints(names: readonly string[]): ReadonlyMap<string, number> {
  const groups = new Map<string, { readonly first: string; shared: number; several: boolean }>();
  for (const name of names) {
    const head = name.slice(0, HEAD_LETTERS);
    const group = groups.get(head);
    if (!group) groups.set(head, { first: name, shared: name.length, several: false });
    else if (name !== group.first) {
      group.shared = Math.min(group.shared, sharedLength(group.first, name));
      group.several = true;
    }
  }
  return new Map([...groups].filter(([, { several }]) => several).map(([head, { shared }]) => [head, shared]));
}

/** Generated names differ at their end: so much of it is never cut off. */
const END_LETTERS = 6;
/** Shorter names fit into the narrowest column. */
const LONG = 14;

/** A name in the parts it is cut by: the start goes first, then what is between, the end never. */
interface NameParts {
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

export function partsOf(name: string, branches: ReadonlyMap<string, number>): NameParts {
  if (name.length < LONG) return { start: name, middle: '', end: '' };
  const branch = branches.get(name.slice(0, HEAD_LETTERS)) ?? name.length;
  const end = name.length - END_LETTERS;
  const split = Math.min(branch, end);
  return { start: name.slice(0, split), middle: name.slice(split, end), end: name.slice(end) };
}
