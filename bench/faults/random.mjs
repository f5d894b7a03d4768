/** A small generator of its own, so that a seed gives the same run everywhere. Behaves as mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    between: (low, high) => low + next() * (high - low),
    /** The same in another order. */
    shuffle: (items) =>
      items
        .map((item) => [next(), item])
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item),
    /** A generator of its own for one part of a run, so that the parts do not disturb one another. */
    fork: (part) => randomFrom(Math.imul(seed ^ part, 0x9e3779b1)),
  };
}
