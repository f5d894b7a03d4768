const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters, as Kubernetes makes names: none that make words, no digits that look like letters. */
export function randomSuffix(): string {
  const random = crypto.getRandomValues(new Uint8Array(5));
  return Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join('');
}
