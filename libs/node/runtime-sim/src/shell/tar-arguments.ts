/** Words of a `tar` that writes an archive, taken apart. */
interface Written {
  /** Options and their values, the name of the archive among them. */
  readonly options: readonly string[];
  readonly members: readonly string[];
}

/** Short options that take the next word; `f` names the archive. */
const WITH_VALUE = /[fCTXb]$/;
const LONG_WITH_VALUE = new Set(['--file', '--directory', '--exclude']);

const isOption = (word: string, index: number): boolean => index === 0 || word.startsWith('-');
const takesValue = (word: string): boolean =>
  word.startsWith('--') ? LONG_WITH_VALUE.has(word) : word !== '-' && WITH_VALUE.test(word);

function written(args: readonly string[]): Written {
  const options: string[] = [];
  const members: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '-' || !isOption(word, index)) members.push(word);
    else {
      options.push(word);
      if (takesValue(word) && index + 1 < args.length) options.push(args[(index += 1)] ?? '');
    }
  }
  return { options, members };
}

/** What `tar` says when it takes the slash away from the names of what it packs. */
export const REMOVED_SLASH = "tar: Removing leading `/' from member names\n";

/** The same packing with names that lead nowhere by themselves, as tars do it; undefined where nothing is to be changed. */
export function relativeMembers(args: readonly string[]): string[] | undefined {
  const { options, members } = written(args);
  const packs =
    options.some((word, index) => (index === 0 || /^-[a-z]/.test(word)) && /c/.test(word)) ||
    options.includes('--create');
  const isAbsolute = members.length > 0 && members.every((name) => name.startsWith('/'));
  if (!packs || !isAbsolute || options.some((word) => /C$|^--directory/.test(word))) return undefined;
  return [...options, '-C', '/', ...members.map((name) => name.replace(/^\/+/, '') || '.')];
}
