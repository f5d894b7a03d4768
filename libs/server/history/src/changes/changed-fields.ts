/** Which fields differ between two states of an object. */
export interface ChangedFields {
  /** Paths such as `spec.containers[name=web].image`, in the order of the newer state, as many as are told. */
  readonly paths: readonly string[];
  /** How many more there are, as far as they were counted. */
  readonly more: number;
}

/** Paths that are told of one change. */
const MOST_PATHS = 50;
/** Characters of one path. */
const LONGEST_PATH = 200;
/** Values compared; large objects differ in more than anybody reads. */
const MOST_VALUES = 20_000;
/** As deep as objects are taken. */
const DEEPEST = 100;

/** Follow from what else has changed. */
export const LEFT_OUT = ['metadata.managedFields', 'metadata.generation'];
/** What the elements of lists are told apart by, where all of a list have it. */
const ELEMENT_KEYS = ['name', 'type', 'key', 'uid', 'ip', 'containerPort', 'port'];
const PLAIN = /^[A-Za-z_][\w-]*$/;

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

class Comparison {
  readonly paths: string[] = [];
  more = 0;
  private left = MOST_VALUES;

  compare(before: unknown, after: unknown, path: string, depth = 0): void {
    if (before === after || LEFT_OUT.includes(path)) return;
    this.left -= 1;
    if (depth === DEEPEST || this.left < 0 || !isObject(before) || !isObject(after))
      return this.note(before, after, path);
    if (Array.isArray(before) !== Array.isArray(after)) return this.note(before, after, path);
    this.compareMembers(before, after, path, depth + 1);
  }

  private compareMembers(before: object, after: object, path: string, depth: number): void {
    const isList = Array.isArray(before);
    const keyed = isList ? keyOfElements(before, after as unknown[]) : undefined;
    const [was, is] = [membersOf(before, keyed), membersOf(after, keyed)];
    const inner = (name: string) => (isList ? `${path}[${name}]` : joinPath(path, name));
    for (const name in is) this.compare(Object.hasOwn(was, name) ? was[name] : undefined, is[name], inner(name), depth);
    for (const name in was) if (!Object.hasOwn(is, name)) this.compare(was[name], undefined, inner(name), depth);
  }

  private note(before: unknown, after: unknown, path: string): void {
    if (this.left < 0 && JSON.stringify(before) === JSON.stringify(after)) return;
    if (this.paths.length === MOST_PATHS) this.more += 1;
    else this.paths.push(path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path);
  }
}

/** The member that tells elements apart in both states of a list; undefined where only their places do. */
export function keyOfElements(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  return ELEMENT_KEYS.find((key) => isKeyOf(key, before) && isKeyOf(key, after));
}

function isKeyOf(key: string, elements: readonly unknown[]): boolean {
  const values = elements.map((element) => (isObject(element) ? (element as Members)[key] : undefined));
  return (
    values.every((value) => value !== '' && ['string', 'number'].includes(typeof value)) &&
    new Set(values).size === values.length
  );
}

/** Members by their names, elements by their keys or places. */
export function membersOf(value: object, keyed: string | undefined): Members {
  if (!Array.isArray(value) || keyed === undefined) return value as Members;
  return Object.fromEntries(value.map((element: Members) => [`${keyed}=${String(element[keyed])}`, element]));
}

export function joinPath(path: string, name: string): string {
  if (!PLAIN.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path ? `${path}.${name}` : name;
}

/** Compares two states of an object; values are never told. Bounded in what it looks at and in what it says. */
export function changedFields(before: object, after: object): ChangedFields {
  const comparison = new Comparison();
  comparison.compare(before, after, '');
  return { paths: comparison.paths, more: comparison.more };
}
