import { randomInt } from 'node:crypto';

/** No vowels, so that no words come of it, and none that look alike: 20 letters, of which eight are 34 bits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

const grouped = (letters: string): string => `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;

/** A code to be compared, or typed, by a person: `BCDF-GHJK`. */
export function newUserCode(): string {
  return grouped(Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join(''));
}

/** The code as it was made, from whatever somebody typed; undefined where it is none. */
export function readUserCode(text: string): string | undefined {
  const letters = text.slice(0, 40).toUpperCase().replace(/[\s-]/g, '');
  const isCode = letters.length === LENGTH && [...letters].every((letter) => LETTERS.includes(letter));
  return isCode ? grouped(letters) : undefined;
}
