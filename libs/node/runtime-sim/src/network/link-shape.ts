/** What a link does to what goes over it, either way. */
export interface LinkShape {
  /** Milliseconds one way, and by how many more or fewer at most. */
  readonly delay: number;
  readonly jitter: number;
  /** Of what is sent, from 0 to 1. */
  readonly loss: number;
  /** Bytes in a second. */
  readonly rate: number;
  /** The same gives the same delays and losses. */
  readonly seed: string;
}

/** Of a simulated Pod. Its text is as tc-netem(8) takes it: `delay 80ms 10ms loss 1% rate 1mbit seed 7`. */
export const ANNOTATION_LINK = 'simulated.binnacle.dev/link';

const LONGEST_TEXT = 256;
const LONGEST_DELAY = 60_000;
const LEAST_RATE = 1_000;
const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3 };
/** Bytes a second. */
const RATES: Readonly<Record<string, number>> = { kbit: 125, mbit: 125e3, gbit: 125e6 };

class LinkError extends Error {
  constructor(text: string, message: string) {
    super(`annotation ${ANNOTATION_LINK}: ${JSON.stringify(text.slice(0, LONGEST_TEXT))}: ${message}`);
  }
}

const NUMBER_AND_UNIT = /^(\d{1,6}(?:\.\d{1,3})?)([a-z%]+)$/;

/** Undefined where it is no number with one of these units. */
function measure(word: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit = ''] = NUMBER_AND_UNIT.exec(word ?? '') ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return factor === undefined ? undefined : Number(number) * factor;
}

/** Takes the words that belong to one key off the front. */
type Reader = (words: string[]) => Partial<LinkShape> | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  delay(words) {
    const delay = measure(words.shift(), MILLISECONDS);
    const jitter = measure(words[0], MILLISECONDS);
    if (jitter !== undefined) words.shift();
    if (delay === undefined || delay > LONGEST_DELAY || (jitter ?? 0) > delay) return undefined;
    return { delay, jitter: jitter ?? 0 };
  },
  loss(words) {
    const loss = measure(words.shift(), { '%': 0.01 });
    return loss === undefined || loss > 1 ? undefined : { loss };
  },
  rate(words) {
    const rate = measure(words.shift(), RATES);
    return rate === undefined || rate < LEAST_RATE ? undefined : { rate };
  },
  seed(words) {
    const seed = words.shift();
    return seed === undefined ? undefined : { seed };
  },
};

/** `seed` where the text says none. @throws Error that says what is wrong. */
export function parseLink(text: string, seed: string): LinkShape {
  if (text.length > LONGEST_TEXT) throw new LinkError(text, `longer than ${LONGEST_TEXT} characters`);
  let shape: LinkShape = { delay: 0, jitter: 0, loss: 0, rate: Number.POSITIVE_INFINITY, seed };
  const words = text.trim().split(/\s+/);
  for (let key = words.shift(); key !== undefined; key = words.shift()) {
    if (!Object.hasOwn(READERS, key)) throw new LinkError(text, 'known are delay, loss, rate and seed');
    const read = READERS[key]?.(words);
    if (!read) throw new LinkError(text, `${key}: at most delay 60s with less jitter, loss 100%, at least rate 8kbit`);
    shape = { ...shape, ...read };
  }
  return shape;
}
