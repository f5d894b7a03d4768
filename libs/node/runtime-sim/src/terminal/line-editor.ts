import type { Key, KeyName } from './keys.js';

/** A line that is being written. */
export interface EditedLine {
  readonly characters: readonly string[];
  /** Where the next character goes. */
  readonly at: number;
  /** Lines of before, oldest first, then the one being written. */
  readonly history: readonly string[];
  readonly shown: number;
}

export type Outcome = 'goes on' | 'entered' | 'interrupted' | 'ended';

/** Characters of a line at most. */
const LONGEST = 64 * 1024;

export const newLine = (history: readonly string[]): EditedLine => ({
  characters: [],
  at: 0,
  history: [...history, ''],
  shown: history.length,
});

export const textOf = ({ characters }: EditedLine): string => characters.join('');

const isSpace = (character: string | undefined): boolean => character === ' ';

function wordStart({ characters, at }: EditedLine): number {
  let start = at;
  while (start > 0 && isSpace(characters[start - 1])) start -= 1;
  while (start > 0 && !isSpace(characters[start - 1])) start -= 1;
  return start;
}

function wordEnd({ characters, at }: EditedLine): number {
  let end = at;
  while (end < characters.length && isSpace(characters[end])) end += 1;
  while (end < characters.length && !isSpace(characters[end])) end += 1;
  return end;
}

function without(line: EditedLine, from: number, to: number): EditedLine {
  const { characters } = line;
  return { ...line, characters: [...characters.slice(0, from), ...characters.slice(to)], at: from };
}

function insert(line: EditedLine, text: string): EditedLine {
  const { characters, at } = line;
  const added = [...text].slice(0, LONGEST - characters.length);
  return {
    ...line,
    characters: [...characters.slice(0, at), ...added, ...characters.slice(at)],
    at: at + added.length,
  };
}

/** What was written in the line that is left stays there, as it does in a shell. */
function show(line: EditedLine, shown: number): EditedLine {
  const text = line.history[shown];
  if (text === undefined) return line;
  const history = line.history.map((each, index) => (index === line.shown ? textOf(line) : each));
  const characters = [...text];
  return { characters, at: characters.length, history, shown };
}

const EDITS: Readonly<Partial<Record<KeyName, (line: EditedLine) => EditedLine>>> = {
  backspace: (line) => (line.at > 0 ? without(line, line.at - 1, line.at) : line),
  delete: (line) => without(line, line.at, line.at + 1),
  left: (line) => ({ ...line, at: Math.max(0, line.at - 1) }),
  right: (line) => ({ ...line, at: Math.min(line.characters.length, line.at + 1) }),
  home: (line) => ({ ...line, at: 0 }),
  end: (line) => ({ ...line, at: line.characters.length }),
  wordLeft: (line) => ({ ...line, at: wordStart(line) }),
  wordRight: (line) => ({ ...line, at: wordEnd(line) }),
  killToEnd: (line) => without(line, line.at, line.characters.length),
  killToStart: (line) => without(line, 0, line.at),
  killWord: (line) => without(line, wordStart(line), line.at),
  up: (line) => show(line, line.shown - 1),
  down: (line) => show(line, line.shown + 1),
};

/** What a key makes of a line. Ctrl-D ends the input of an empty line only, and else deletes. */
export function edit(line: EditedLine, key: Key): { readonly line: EditedLine; readonly outcome: Outcome } {
  if (key.name === 'text') return { line: insert(line, key.text), outcome: 'goes on' };
  if (key.name === 'enter') return { line, outcome: 'entered' };
  if (key.name === 'interrupt') return { line, outcome: 'interrupted' };
  if (key.name === 'endOfInput' && line.characters.length === 0) return { line, outcome: 'ended' };
  const change = EDITS[key.name === 'endOfInput' ? 'delete' : key.name];
  return { line: change ? change(line) : line, outcome: 'goes on' };
}
