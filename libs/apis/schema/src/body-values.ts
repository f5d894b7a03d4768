import { newRequestEntityTooLarge } from '@binnacle/machinery-meta';

/**
 * Members and elements one body may hold, of kinds that say nothing else. Reading, checking and noting the owners of so many
 * takes a few hundred milliseconds of the one thread that serves everybody; the largest objects of real clusters hold about half of
 * them.
 */
export const MAX_BODY_VALUES = 20_000;

/** RequestEntityTooLarge. */
export const tooManyValues = (most = MAX_BODY_VALUES): Error =>
  newRequestEntityTooLarge(`limit is ${most} values in one body; split what it says among several objects`);

/** Whether a JSON value holds more than that many members and elements; no further than needed is looked. */
export function holdsTooMuch(value: unknown, most = MAX_BODY_VALUES): boolean {
  let count = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const members = Object.values(next);
    count += members.length;
    if (count > most) return true;
    for (const member of members) if (typeof member === 'object') waiting.push(member);
  }
  return false;
}
