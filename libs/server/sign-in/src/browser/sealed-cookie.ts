import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { type CookieOptions, HOST_PREFIX, type Installation } from '@binnacle/server-auth';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Browsers keep 4 KiB. */
const LONGEST = 3_900;
const LONGEST_HEADER = 16 * 1024;

export interface SealedCookieOptions {
  /** Part of its name, and of its key: what is sealed for one purpose opens for no other. */
  readonly purpose: string;
  /** `Lax` where the browser comes back from another site. */
  readonly sameSite: 'Lax' | 'Strict';
  /** Seconds for which it is good. */
  readonly seconds: number;
}

interface Sealed<T> {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly value: T;
}

/**
 * What a browser carries between two steps of a sign-in, which it can neither read nor change. Nothing is stored for who only begins.
 */
export class SealedCookie<T extends object> {
  private readonly name: string;
  private readonly key: Buffer;

  constructor(
    installation: Installation,
    private readonly options: SealedCookieOptions,
  ) {
    this.name = `binnacle_${options.purpose}_${installation.id}`;
    this.key = installation.deriveKey(`cookie ${options.purpose}`);
  }

  /** The Set-Cookie header. */
  set(ctx: Context, value: T, cookie: CookieOptions): string {
    const { seconds } = this.options;
    const sealed: Sealed<T> = { until: ctx.clock.now() + seconds * 1000, value };
    return `${this.headed(cookie, this.seal(JSON.stringify(sealed)))}; Max-Age=${seconds}`;
  }

  clear(cookie: CookieOptions): string {
    return `${this.headed(cookie, '')}; Max-Age=0`;
  }

  /** Undefined for none, for a made up one, and for one that is too old. Over HTTPS only what was set over HTTPS counts. */
  open(ctx: Context, { cookie: header = '' }: IncomingHttpHeaders, cookie: CookieOptions): T | undefined {
    if (header.length > LONGEST_HEADER) return undefined;
    const start = `${this.nameFor(cookie)}=`;
    const pair = header.split('; ').find((part) => part.startsWith(start));
    const text = pair && this.unseal(pair.slice(start.length));
    const sealed = text ? (JSON.parse(text) as Sealed<T>) : undefined;
    return sealed && sealed.until > ctx.clock.now() ? sealed.value : undefined;
  }

  private nameFor({ secure }: CookieOptions): string {
    return secure ? `${HOST_PREFIX}${this.name}` : this.name;
  }

  private headed(cookie: CookieOptions, value: string): string {
    const attributes = `Path=/; HttpOnly; SameSite=${this.options.sameSite}${cookie.secure ? '; Secure' : ''}`;
    return `${this.nameFor(cookie)}=${value}; ${attributes}`;
  }

  private seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv);
    const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  private unseal(value: string): string | undefined {
    const bytes = Buffer.from(value, 'base64url');
    if (value.length > LONGEST || bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString();
    } catch {
      return undefined;
    }
  }
}
