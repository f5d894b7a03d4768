import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from './screen.js';

/** A terminal as far as it is written to here. */
class Screen {
  readonly rows: string[][] = [[]];
  row = 0;
  column = 0;

  constructor(private readonly columns: number) {}

  write(text: string): void {
    for (const [token, count, letter] of text.matchAll(/\x1b\[(\d*)([A-Z])|[^\x1b]/gu)) {
      if (letter === 'A') this.row -= Number(count || 1);
      else if (letter === 'C') this.column += Number(count || 1);
      else if (letter === 'J') this.clear();
      else this.put(token);
    }
  }

  get text(): string {
    return this.rows
      .map((row) => row.join(''))
      .join('\n')
      .replace(/\n+$/, '');
  }

  private clear(): void {
    this.rows.length = this.row + 1;
    (this.rows[this.row] ??= []).length = this.column;
  }

  private put(character: string): void {
    if (character === '\r') this.column = 0;
    else if (character === '\n') this.row += 1;
    else {
      if (this.column === this.columns) [this.row, this.column] = [this.row + 1, 0];
      (this.rows[this.row] ??= [])[this.column] = character;
      this.column += 1;
    }
    while (this.rows.length <= this.row) this.rows.push([]);
  }
}

const fold = (text: string, columns: number): string =>
  (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join('\n');

describe('a drawn line', () => {
  test('stands on the screen as it is, over what stood there, with the cursor in its place', () => {
    const line = fc.stringMatching(/^[a-z]{0,40}$/);
    fc.assert(
      fc.property(line, line, fc.nat(), fc.integer({ min: 5, max: 20 }), (before, after, seed, columns) => {
        const screen = new Screen(columns);
        let row = 0;
        for (const text of [before, after]) {
          const at = seed % (text.length + 1);
          const drawn = draw('$ ', { characters: [...text], at, history: [], shown: 0 }, columns, row);
          screen.write(drawn.text);
          row = drawn.row;
          expect(screen.text).toBe(fold(`$ ${text}`, columns));
          expect([screen.row, screen.column]).toEqual([Math.floor((2 + at) / columns), (2 + at) % columns]);
        }
      }),
    );
  });
});
