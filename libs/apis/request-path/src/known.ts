/**
 * Objects of a kind, as far as they are known to whoever looks: `loading` until they are, `refused` where they may not be seen, and
 * `absent` where the server has no such kind.
 */
export type Known<T> =
  | { readonly state: 'known'; readonly items: readonly T[] }
  | { readonly state: 'loading' | 'refused' | 'absent' };

/** All of them. */
export const known = <T>(items: readonly T[]): Known<T> => ({ state: 'known', items });

/** What is not known is nothing yet: whoever looks for something there must not say that it is missing. */
export const itemsOf = <T>(from: Known<T>): readonly T[] => (from.state === 'known' ? from.items : []);

/** The only thing that is known is that there are none such. */
export const isKnown = (from: Known<unknown>): boolean => from.state === 'known' || from.state === 'absent';
