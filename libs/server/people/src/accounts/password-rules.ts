import { COMMON_WORDS } from './common-words.js';

const SHORTEST = 12;
const LONGEST = 1024;
const FEWEST_CHARACTERS = 5;
const SHORTEST_NAME = 3;
/** Along the keyboard, and as children count. */
const RUNS = [
  '0123456789',
  '1234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv',
  'abcdefghijklmnopqrstuvwxyz',
];
const LETTERS_OF: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const isRun = (text: string): boolean =>
  RUNS.some((run) =>
    [run, [...run].reverse().join('')].some((line) =>
      line.repeat(Math.ceil(text.length / line.length) + 1).includes(text),
    ),
  );

/** What is left of a text when the words in it that everybody uses are taken out, the longest first. */
function withoutCommonWords(text: string): string {
  return COMMON_WORDS.reduce((left, word) => left.replaceAll(word, ''), text);
}

/** So much may be left beside the words. */
const FEWEST_LEFT = 3;
/** What is longer is guessed by nobody, of whatever words. */
const LONGEST_GUESS = 28;

const lettersOf = (text: string): string => text.replace(/[^a-z]+/g, '');
const spelled = (text: string): string => [...text].map((sign) => LETTERS_OF[sign] ?? sign).join('');

/** Whether a guesser tries it among the first, with the digits and signs that are put around and into such words. */
function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  if (new Set(lower).size < FEWEST_CHARACTERS || isRun(lower)) return true;
  const inner = lower.replace(/^[^a-z]+/, '').replace(/[^a-z]+$/, '');
  return [lettersOf(lower), lettersOf(spelled(inner))].some(
    (text) => text.length > 0 && text.length <= LONGEST_GUESS && withoutCommonWords(text).length < FEWEST_LEFT,
  );
}

/** Why a new password will not do, as a sentence goes on after "the password"; undefined where it will. */
export function passwordFault(password: string, name: string): string | undefined {
  if ([...password].length < SHORTEST) return `must be at least ${SHORTEST} characters`;
  if (password.length > LONGEST) return `must be no more than ${LONGEST} characters`;
  if (name.length >= SHORTEST_NAME && password.toLowerCase().includes(name.toLowerCase()))
    return 'must not hold the name';
  return isCommon(password) ? 'is among those that are tried first' : undefined;
}
