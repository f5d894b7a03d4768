/** One case of the suite. */
export interface Case {
  readonly name: string;
  /** By whom it is kept, such as `sig-network`. */
  readonly sig: string;
  /** It wants the cluster for itself. */
  readonly serial: boolean;
}

export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What a case that did not pass said. */
  readonly message: string;
}

/** How the message of a case begins of which its program told nothing. */
export const CUT_OFF = 'it did not run: ';

/** What is said of a case that nobody has run. */
export const NOT_RUN = 'it has not been run yet';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescape = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hexadecimal: string, decimal: string, name: string) => {
    if (hexadecimal) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
    return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[name] ?? whole);
  });

const attribute = (tag: string, name: string): string =>
  unescape(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

/** What the runner puts around a name: `[It] ` before it and its labels behind it. */
const bare = (name: string): string => name.slice('[It] '.length).replace(/ \[[^\][]*, [^\][]*\]$/, '');

export function caseOf(name: string): Case {
  return { name, sig: /^\[(sig-[a-z-]+)\]/.exec(name)?.[1] ?? 'other', serial: name.includes('[Serial]') };
}

/** The cases a JUnit report tells of: those that ran. */
export function outcomesOf(junit: string): Outcome[] {
  const found: Outcome[] = [];
  for (const [whole, head = ''] of junit.matchAll(/<testcase([^>]*?)(?:\/>|>[^]*?<\/testcase>)/g)) {
    const [name, status] = [attribute(head, 'name'), attribute(head, 'status')];
    if (!name.startsWith('[It] ') || status === 'skipped' || status === 'pending') continue;
    const failure = /<(?:failure|error)([^>]*)>/.exec(whole)?.[1] ?? '';
    const message = attribute(failure, 'message');
    const seconds = Math.round(Number(attribute(head, 'time')));
    found.push({ name: bare(name), passed: status === 'passed', seconds, message });
  }
  return found;
}

/** The names a report of a dry run lists, whether it says that they ran or not. */
export function namesOf(junit: string): string[] {
  const names = [...junit.matchAll(/<testcase([^>]*)>/g)].flatMap(([, head = '']) => {
    const name = attribute(head, 'name');
    return name.startsWith('[It] ') && attribute(head, 'status') !== 'skipped' ? [bare(name)] : [];
  });
  return [...new Set(names)].sort();
}

/** The pattern that is met by these names and no others. */
export const focusOf = (names: readonly string[]): string =>
  names.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|');

/** Cut into pieces of so many, those of one kind beside each other. */
export function piecesOf<T>(list: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let at = 0; at < list.length; at += size) pieces.push(list.slice(at, at + size));
  return pieces;
}
