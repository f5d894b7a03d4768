import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { GuardedFetch } from '@binnacle/server-egress';
import { exportJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const rsa = (): KeyPair => generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ec = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'binnacle';

/** An issuer that answers `fetch` in this process, by a clock that is stepped. */
export class FakeIssuer {
  readonly clock = new FakeClock(Date.parse('2026-01-01T00:00:00Z'));
  readonly ctx: Context = { signal: new AbortController().signal, clock: this.clock, logger: silentLogger };
  keys: unknown[] = [];
  /** What its document says; changed by tests of false ones. */
  document: unknown = { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
  headers: Record<string, string> = {};
  /** Every URL that was asked for. */
  readonly asked: string[] = [];
  /** What a question ends in instead, for as long as it is set. */
  trouble: (() => Promise<Response>) | undefined;

  readonly fetch: GuardedFetch = (url) => {
    this.asked.push(url);
    if (this.trouble) return this.trouble();
    const body = url.endsWith('/keys') ? { keys: this.keys } : this.document;
    return Promise.resolve(new Response(JSON.stringify(body), { headers: this.headers }));
  };

  async publish(kid: string | undefined, { publicKey }: KeyPair, more: Partial<JWK> = {}): Promise<void> {
    this.keys.push({ ...(await exportJWK(publicKey)), ...(kid !== undefined && { kid }), use: 'sig', ...more });
  }

  /** A token that is good for an hour, but for what is said of it. */
  sign({ privateKey }: KeyPair, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const now = Math.floor(this.clock.now() / 1000);
    const usual = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', iat: now, exp: now + 3600 };
    const alg = privateKey.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256';
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid: 'one', ...header }).sign(privateKey);
  }
}
