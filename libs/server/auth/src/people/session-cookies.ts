import type { IncomingHttpHeaders } from 'node:http';
import type { Installation } from './installation.js';

/** A cookie of this name is only ever one that this very host has set over HTTPS. */
export const HOST_PREFIX = '__Host-';
const LONGEST_HEADER = 16 * 1024;
const SESSION = 'session';
const ONE_YEAR_SECONDS = 31_536_000;

export interface CookieOptions {
  /** Whether the browser came over HTTPS; over plain HTTP it would drop a cookie marked Secure. */
  readonly secure: boolean;
}

/** The cookies of one installation: the session, and that this browser has signed in before. */
export class SessionCookies {
  private readonly session: string;
  private readonly device: string;

  constructor(private readonly installation: Installation) {
    this.session = `binnacle_session_${installation.id}`;
    this.device = `binnacle_device_${installation.id}`;
  }

  newSession(): string {
    return this.installation.newSecret(SESSION);
  }

  newDevice(account: string): string {
    return this.installation.newSecret(`device of ${account}`);
  }

  /** The session secret of a request; undefined for none and for made up ones. */
  sessionOf(headers: IncomingHttpHeaders): string | undefined {
    return valuesOf(headers, this.session).find((text) => this.installation.isOwn(SESSION, text));
  }

  /** The device of a request, where it has signed in to the account before. */
  deviceOf(headers: IncomingHttpHeaders, account: string): string | undefined {
    return valuesOf(headers, this.device).find((text) => this.installation.isOwn(`device of ${account}`, text));
  }

  setSession(secret: string, options: CookieOptions): string {
    return cookie(this.session, secret, options);
  }

  setDevice(device: string, options: CookieOptions): string {
    return `${cookie(this.device, device, options)}; Max-Age=${ONE_YEAR_SECONDS}`;
  }

  /** Those of somebody who has just signed in. */
  setBoth({ secret, device }: { readonly secret: string; readonly device: string }, options: CookieOptions): string[] {
    return [this.setSession(secret, options), this.setDevice(device, options)];
  }

  /** Whatever name it was set under. */
  clearSession(options: CookieOptions): string[] {
    const plain = `${cookie(this.session, '', { secure: false })}; Max-Age=0`;
    return options.secure ? [`${cookie(this.session, '', options)}; Max-Age=0`, plain] : [plain];
  }
}

function cookie(name: string, value: string, { secure }: CookieOptions): string {
  const attributes = 'Path=/; HttpOnly; SameSite=Strict';
  return secure ? `${HOST_PREFIX}${name}=${value}; ${attributes}; Secure` : `${name}=${value}; ${attributes}`;
}

/** The values of a cookie, those that cannot have been slipped in by a neighbour first. */
function valuesOf({ cookie: header = '' }: IncomingHttpHeaders, name: string): string[] {
  if (header.length > LONGEST_HEADER) return [];
  const pairs = header.split(';').map((part) => part.trim());
  return [`${HOST_PREFIX}${name}=`, `${name}=`].flatMap((start) =>
    pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length)),
  );
}
