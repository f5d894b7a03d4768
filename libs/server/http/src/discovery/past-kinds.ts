import { PAST_READING } from '@binnacle/server-auth';
import type { Discoverable } from './group-order.js';

const readable = <T extends { readonly verbs: readonly string[] }>(served: T): T => ({
  ...served,
  verbs: served.verbs.filter((verb) => PAST_READING.verbs.has(verb)),
});

/** A kind as the past serves it: to be read, so that clients offer nothing else. */
export function asPast(kind: Discoverable): Discoverable {
  const subresources = kind.subresources.filter(({ name }) => PAST_READING.reads(name)).map(readable);
  return { ...readable(kind), subresources };
}
