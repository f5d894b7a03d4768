import { type KeyObject, randomUUID } from 'node:crypto';
import { CLUSTER_CLAIM, LEGACY_ISSUER, serviceAccountUser, tokenAlgorithm } from '@binnacle/apis-kubernetes/tokens';
import type { Context } from '@binnacle/machinery-context';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { RememberedTokens } from './remembered-tokens.js';
import { type PublishedKey, ServiceAccountKeys, type ServiceAccountKeyTexts } from './service-account-keys.js';

export const TOKEN_ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** An object a token is for or is bound to. */
export interface TokenObject {
  readonly name: string;
  readonly uid: string;
}

/** What a token says of itself. */
export interface TokenSubject {
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: TokenObject;
  /** What it is bound to, if anything: a Pod, beside which its Node is only told, a Secret or a Node. */
  readonly pod?: TokenObject;
  readonly secret?: TokenObject;
  readonly node?: TokenObject;
}

export interface TokenLife {
  readonly audiences: readonly string[];
  readonly seconds: number;
  /** After how many seconds who still shows it ought to be warned. */
  readonly warnAfterSeconds?: number;
}

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface KubernetesClaims {
  readonly namespace: string;
  readonly serviceaccount: TokenObject;
  readonly pod?: TokenObject;
  readonly secret?: TokenObject;
  readonly node?: Partial<TokenObject>;
  /** Seconds since the epoch. */
  readonly warnafter?: number;
}

/** What tokens are made and read by. */
export interface ServiceAccountSettings extends ServiceAccountKeyTexts {
  /** The first makes tokens, all are believed. */
  readonly issuers?: readonly string[];
  /** For whom the API's own tokens are; its issuers without it. */
  readonly apiAudiences?: readonly string[];
  /** Whether tokens of volumes that nobody asked for hold for a year, as old clients need. */
  readonly extendExpiration?: boolean;
  /** Seconds that a token may hold at most. */
  readonly maxSeconds?: number;
}

/** Signs and reads the tokens of service accounts. */
export class ServiceAccountTokens {
  readonly issuers: readonly string[];
  readonly apiAudiences: readonly string[];
  readonly extendExpiration: boolean;
  readonly maxSeconds: number | undefined;
  private keys: ServiceAccountKeys;
  private signer: ServiceAccountKeys;
  /** The claims of tokens whose signature holds. */
  private readonly verifiedOnce = new RememberedTokens<JWTPayload>();

  constructor(settings: ServiceAccountSettings) {
    this.keys = this.signer = new ServiceAccountKeys(settings);
    this.issuers = settings.issuers?.length ? settings.issuers : [TOKEN_ISSUER];
    this.apiAudiences = settings.apiAudiences?.length ? settings.apiAudiences : this.issuers;
    this.extendExpiration = settings.extendExpiration ?? true;
    this.maxSeconds = settings.maxSeconds;
  }

  get issuer(): string {
    return this.issuers[0] ?? TOKEN_ISSUER;
  }

  /** The public keys by which tokens are read, as JSON Web Keys. */
  get jsonWebKeys(): PublishedKey[] {
    return this.keys.jsonWebKeys;
  }

  /**
   * Reads by other keys from now on: what only old ones signed is not believed any more. Signs as before until `signWith`, unless
   * that is by a key that is gone.
   */
  readWith(keys: ServiceAccountKeys): void {
    this.keys = keys;
    if (!keys.has(this.signer.signing.id)) this.signer = keys;
    this.verifiedOnce.clear();
  }

  /** Signs with other keys, which whoever reads the tokens must have been given before. */
  signWith(keys: ServiceAccountKeys): void {
    this.signer = keys;
  }

  async issue(ctx: Context, subject: TokenSubject, options: TokenLife): Promise<IssuedToken> {
    const now = Math.floor(ctx.clock.now() / 1000);
    const { cluster, namespace, serviceAccount } = subject;
    const { privateKey, id, algorithm } = this.signer.signing;
    const claims = claimsOf(subject, options.warnAfterSeconds && now + options.warnAfterSeconds);
    const token = await new SignJWT({ 'kubernetes.io': claims, [CLUSTER_CLAIM]: cluster })
      .setProtectedHeader({ alg: algorithm, kid: id })
      .setIssuer(this.issuer)
      .setSubject(serviceAccountUser(namespace, serviceAccount.name))
      .setAudience([...options.audiences])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + options.seconds)
      .setJti(randomUUID())
      .sign(privateKey);
    return { token, expiresAt: (now + options.seconds) * 1000 };
  }

  /** The claims of a token that was verified before, if this is its time. */
  known(ctx: Context, token: string): JWTPayload | undefined {
    const payload = this.verifiedOnce.get(token);
    return payload && inItsTime(payload, ctx.clock.now());
  }

  /** The claims of a token that one of the keys signed, of any issuer of ours and for anybody, at its time; undefined for others. */
  async verify(ctx: Context, token: string): Promise<JWTPayload | undefined> {
    const { keys } = this;
    const options = { issuer: [...this.issuers, LEGACY_ISSUER], currentDate: new Date(ctx.clock.now()) };
    for (const key of candidatesOf(keys, token)) {
      try {
        // A token of another algorithm is not tried on a key that is not made for it.
        const { payload } = await jwtVerify(token, key, { ...options, algorithms: [tokenAlgorithm(key)] });
        if (keys === this.keys) this.verifiedOnce.set(token, payload);
        return payload;
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
    return undefined;
  }
}

function candidatesOf(keys: ServiceAccountKeys, token: string): KeyObject[] {
  try {
    return keys.candidates(decodeProtectedHeader(token));
  } catch {
    return [];
  }
}

/** `exp` and `nbf` are seconds since the epoch; `now` is milliseconds. */
function inItsTime(payload: JWTPayload, now: number): JWTPayload | undefined {
  const { exp = Number.POSITIVE_INFINITY, nbf = 0 } = payload;
  const seconds = Math.floor(now / 1000);
  return exp > seconds && nbf <= seconds ? payload : undefined;
}

/** Behaves as kubernetes pkg/serviceaccount Claims. */
function claimsOf(
  { namespace, serviceAccount, pod, secret, node }: TokenSubject,
  warnafter?: number,
): KubernetesClaims {
  return {
    namespace,
    serviceaccount: serviceAccount,
    ...(pod && { pod }),
    ...(secret && { secret }),
    ...(node && { node: { name: node.name, ...(node.uid && { uid: node.uid }) } }),
    ...(warnafter && { warnafter }),
  };
}

export function subjectOf(payload: JWTPayload): TokenSubject | undefined {
  const claims = payload['kubernetes.io'] as KubernetesClaims | undefined;
  const cluster = payload[CLUSTER_CLAIM];
  if (!claims?.serviceaccount || typeof cluster !== 'string') return undefined;
  const { namespace, serviceaccount: serviceAccount, pod, secret, node } = claims;
  return {
    cluster,
    namespace,
    serviceAccount,
    ...(pod && { pod }),
    ...(secret && { secret }),
    ...(node && { node: { name: node.name ?? '', uid: node.uid ?? '' } }),
  };
}
