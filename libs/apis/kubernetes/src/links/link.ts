/** On a Node or a Pod: what its way to the simulated network is like. */
export const ANNOTATION_LINK = 'simulated.binnacle.dev/link';

/** A way on which packets take their time; the words are those of tc's netem. */
export interface Link {
  /** One way, in milliseconds. */
  readonly delay: number;
  /** So many milliseconds a packet may take more or less. */
  readonly jitter: number;
  /** The part of packets that is lost, 0 to 1. */
  readonly loss: number;
  /** Bits a second; Infinity where nothing bounds it. */
  readonly rate: number;
  /** What is lost and how late is what follows from it. */
  readonly seed: string;
}

export const PERFECT_LINK: Link = { delay: 0, jitter: 0, loss: 0, rate: Number.POSITIVE_INFINITY, seed: '' };

const LONGEST_TEXT = 256;
const LONGEST_MILLISECONDS = 60_000;
const RATES = { least: 1_000, most: 1e12 };
const TIME_UNITS = { ms: 1, s: 1_000 } as const;
const RATE_UNITS = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 } as const;
const TIME = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s)$/;
const PERCENT = /^(\d{1,3}(?:\.\d{1,6})?)%$/;
const RATE = /^(\d{1,12}(?:\.\d{1,3})?)(bit|kbit|mbit|gbit)$/;
const SEED = /^[A-Za-z0-9._-]{1,32}$/;

/** Says what is wrong with the text of a link. */
export class LinkError extends Error {}

function milliseconds(text: string): number {
  const [, amount, unit] = TIME.exec(text) ?? [];
  const time = Number(amount) * TIME_UNITS[unit as keyof typeof TIME_UNITS];
  if (!(time <= LONGEST_MILLISECONDS)) throw new LinkError('must be a time up to 60s, like 40ms or 1.5s');
  return time;
}

function part(text: string): number {
  const percent = Number(PERCENT.exec(text)?.[1]);
  if (!(percent <= 100)) throw new LinkError('must be a percentage, like 2% or 0.5%');
  return percent / 100;
}

function bits(text: string): number {
  const [, amount, unit] = RATE.exec(text) ?? [];
  const rate = Number(amount) * RATE_UNITS[unit as keyof typeof RATE_UNITS];
  if (!(rate >= RATES.least && rate <= RATES.most)) throw new LinkError('must be a rate from 1kbit up, like 10mbit');
  return rate;
}

function seed(text: string): string {
  if (!SEED.test(text)) throw new LinkError('must be up to 32 letters, digits, dots, dashes and underscores');
  return text;
}

const READERS = { delay: milliseconds, jitter: milliseconds, loss: part, rate: bits, seed } as const;
type Word = keyof typeof READERS;

const isWord = (name: string): name is Word => Object.hasOwn(READERS, name);

function readWord(word: string): readonly [Word, string | number] {
  const [name = '', value = ''] = word.split('=', 2);
  if (!isWord(name)) throw new LinkError(`"${name.slice(0, 32)}" is none of ${Object.keys(READERS).join(', ')}`);
  try {
    return [name, READERS[name](value)];
  } catch (error) {
    throw error instanceof LinkError ? new LinkError(`${name} ${error.message}`) : error;
  }
}

/** Reads e.g. `delay=40ms jitter=10ms loss=1% rate=10mbit seed=7`; what is not said is perfect. @throws LinkError */
export function parseLink(text: string): Link {
  if (text.length > LONGEST_TEXT) throw new LinkError(`must have at most ${LONGEST_TEXT} characters`);
  const words = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(readWord);
  if (new Set(words.map(([name]) => name)).size < words.length) throw new LinkError('must say each word once');
  const link: Link = { ...PERFECT_LINK, ...Object.fromEntries(words) };
  if (link.jitter > link.delay) throw new LinkError('jitter must be at most the delay');
  return link;
}
