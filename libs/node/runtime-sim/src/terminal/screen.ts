import type { EditedLine } from './line-editor.js';

/** Where the cursor stands below the first row of what was drawn. */
export interface Drawn {
  readonly text: string;
  readonly row: number;
}

const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uff01-\uff60]/u;
const NARROWEST = /\p{Mark}/u;

/** Columns a character takes. */
function widthOf(character: string): number {
  if (NARROWEST.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

export const width = (characters: Iterable<string>): number => {
  let sum = 0;
  for (const character of characters) sum += widthOf(character);
  return sum;
};

const move = (count: number, letter: string): string => (count > 0 ? `\x1b[${count}${letter}` : '');

/** What draws a prompt and a line over what stood there, with the cursor in its place; rows are as wide as the terminal. */
export function draw(prompt: string, { characters, at }: EditedLine, columns: number, before: number): Drawn {
  const start = width(prompt);
  const total = start + width(characters);
  const cursor = start + width(characters.slice(0, at));
  // A terminal wraps only when something follows.
  const wrap = total > 0 && total % columns === 0 ? '\r\n' : '';
  const [row, last] = [Math.floor(cursor / columns), Math.floor(total / columns)];
  const whole = `${prompt}${characters.join('')}${wrap}`;
  const text = `${move(before, 'A')}\r\x1b[J${whole}${move(last - row, 'A')}\r${move(cursor % columns, 'C')}`;
  return { text, row };
}
