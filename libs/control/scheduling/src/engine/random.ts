/** Numbers that look random and are the same for the same seed (xorshift32): choices can be repeated in tests. */
export function seededChoice(seed: number): (count: number) => number {
  let state = seed | 0 || 1;
  return (count) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % count;
  };
}
