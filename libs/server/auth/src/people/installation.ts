import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const TAG_BYTES = 16;
const TOKEN = /^([\w-]{22,43})\.([\w-]{22})$/;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * What tells one installation's cookies from another's on the same host, whose ports they are not told apart by, and its
 * secrets from made up ones before anything is looked up.
 */
export class Installation {
  /** Part of the names of its cookies. */
  readonly id: string;
  private readonly key: Buffer;

  /** `authority` is public and differs between installations; `secret` is what all servers of one share. */
  constructor({ authority, secret }: { readonly authority: string; readonly secret?: string | undefined }) {
    this.id = hashOf(authority).slice(0, 8);
    this.key = createHmac('sha256', secret ?? randomBytes(32))
      .update('binnacle sign-in')
      .digest();
  }

  /** A new random text that `isOwn` knows again, of 256 bits. */
  newSecret(purpose: string): string {
    const value = randomBytes(32).toString('base64url');
    return `${value}.${this.tagOf(purpose, value)}`;
  }

  /** Whether this installation made the text for that purpose. */
  isOwn(purpose: string, text: string): boolean {
    const [, value = '', tag = ''] = TOKEN.exec(text) ?? [];
    return this.isTagOf(purpose, value, tag);
  }

  /** What proves that this installation knows of a value, for that purpose; 22 characters. */
  tagOf(purpose: string, value: string): string {
    const tag = createHmac('sha256', this.key)
      .update(JSON.stringify([purpose, value]))
      .digest();
    return tag.subarray(0, TAG_BYTES).toString('base64url');
  }

  isTagOf(purpose: string, value: string, tag: string): boolean {
    const [given, right] = [Buffer.from(tag), Buffer.from(this.tagOf(purpose, value))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  /** A key of 256 bits for that purpose alone, the same in all servers of the installation. */
  deriveKey(purpose: string): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify(['key', purpose]))
      .digest();
  }
}
