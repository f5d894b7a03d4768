import { randomBytes } from 'node:crypto';

/** No vowels and no digits that look like letters, so that no word appears. Behaves as kubernetes pkg/storage/names. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAXIMUM_BASE_LENGTH = 63 - SUFFIX_LENGTH;

/** Completes `metadata.generateName` with five random characters. */
export function generateName(base: string): string {
  const suffix = Array.from(randomBytes(SUFFIX_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return base.slice(0, MAXIMUM_BASE_LENGTH) + suffix;
}
