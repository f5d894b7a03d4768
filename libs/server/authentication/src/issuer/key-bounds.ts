/** What the document of an issuer, or its keys, may cost. */
export const FETCH_BOUNDS = { milliseconds: 10_000, bytes: 256 * 1024 } as const;
/** More keys are nobody's rotation. */
export const MOST_KEYS = 100;

const MINUTE = 60_000;
/** For how long keys are used without being asked for again, in milliseconds. */
const SHORTEST_LIFE = MINUTE;
const LONGEST_LIFE = 60 * MINUTE;
const USUAL_LIFE = 5 * MINUTE;
/** And for how long where the issuer does not answer. */
export const LONGEST_WITHOUT_ANSWER = 60 * MINUTE;
/** An issuer is asked again this soon at most, whoever shows tokens of keys that are not known. */
export const COOLDOWN = 10_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = MINUTE;
/** Requests that wait for an answer of an issuer; others are refused at once. */
export const MOST_WAITING = 100;

/** Milliseconds, from a `Cache-Control` header. */
export function lifeOf(cacheControl: string | null): number {
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(cacheControl ?? '') ?? [];
  return seconds === undefined ? USUAL_LIFE : Math.min(Math.max(Number(seconds) * 1000, SHORTEST_LIFE), LONGEST_LIFE);
}

/** Milliseconds until an issuer is asked again that failed so many times in a row. */
export const pauseAfter = (failures: number): number => Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
