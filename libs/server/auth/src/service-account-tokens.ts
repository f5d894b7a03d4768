import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import {
  CLUSTER_CLAIM,
  dayBegins,
  dayOf,
  LEGACY_ISSUER,
  readLegacyClaims,
  serviceAccountUser,
  tokenAlgorithm,
} from '@binnacle/apis-kubernetes/tokens';
import type { Context } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import { decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyOptions, SignJWT } from 'jose';
import { type AuthenticationMethod, bearerToken, type Credentials } from './authenticator.js';
import { CREDENTIAL_ID, type UserInfo } from './user-info.js';

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

const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';
const NODE_NAME = 'authentication.kubernetes.io/node-name';
const NODE_UID = 'authentication.kubernetes.io/node-uid';

/** Signs and reads the tokens of service accounts. Keys are PEM text. */
export class ServiceAccountTokens {
  private readonly signingKey: KeyObject;
  private readonly publicKey: KeyObject;

  constructor(keys: { readonly signingKey: string; readonly publicKey?: string }) {
    this.signingKey = createPrivateKey(keys.signingKey);
    this.publicKey = createPublicKey(keys.publicKey ?? this.signingKey);
  }

  /** The public key by which tokens are read, as a JSON Web Key, and its algorithm. */
  get jsonWebKey(): { readonly alg: string; readonly [member: string]: unknown } {
    const { publicKey } = this;
    const { kty, crv, ...members } = publicKey.export({ format: 'jwk' });
    const alg = tokenAlgorithm(publicKey);
    return { use: 'sig', kty, kid: keyId(publicKey), ...(crv && { crv }), alg, ...members };
  }

  async issue(ctx: Context, subject: TokenSubject, options: TokenLife): Promise<IssuedToken> {
    const now = Math.floor(ctx.clock.now() / 1000);
    const { cluster, namespace, serviceAccount } = subject;
    const claims = claimsOf(subject, options.warnAfterSeconds && now + options.warnAfterSeconds);
    const token = await new SignJWT({ 'kubernetes.io': claims, [CLUSTER_CLAIM]: cluster })
      .setProtectedHeader({ alg: tokenAlgorithm(this.signingKey), kid: keyId(createPublicKey(this.signingKey)) })
      .setIssuer(TOKEN_ISSUER)
      .setSubject(serviceAccountUser(namespace, serviceAccount.name))
      .setAudience([...options.audiences])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + options.seconds)
      .setJti(randomUUID())
      .sign(this.signingKey);
    return { token, expiresAt: (now + options.seconds) * 1000 };
  }

  /** The claims of a token this cluster's key signed, for one of the audiences. Undefined where it is none. */
  verify(ctx: Context, token: string, audiences: readonly string[]): Promise<JWTPayload | undefined> {
    return this.verified(ctx, token, { issuer: TOKEN_ISSUER, audience: [...audiences] });
  }

  /** The claims of a token that stands in a Secret, as far as the signature can prove them. Undefined where it is none. */
  verifyLegacy(ctx: Context, token: string): Promise<JWTPayload | undefined> {
    return this.verified(ctx, token, { issuer: LEGACY_ISSUER });
  }

  private async verified(ctx: Context, token: string, expected: JWTVerifyOptions): Promise<JWTPayload | undefined> {
    try {
      // A token of another algorithm is not tried on a key that is not made for it.
      const algorithms = [tokenAlgorithm(this.publicKey)];
      const options = { ...expected, algorithms, currentDate: new Date(ctx.clock.now()) };
      return (await jwtVerify(token, this.publicKey, options)).payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** As upstream names a key: by the hash of its public half. */
const keyId = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url');

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

/** Tells whether the objects a token names still exist. */
export interface TokenObjects {
  /** The token a Secret holds that is not on its way out; undefined where there is none. */
  tokenIn(ctx: Context, cluster: string, place: TokenPlace): Promise<KeptToken | undefined>;
  /** Writes down, in its own time, that a Secret's token was shown on a day. */
  markUsed(ctx: Context, cluster: string, place: TokenPlace, day: string): void;
  /** The uid of what is there, undefined where nothing is. */
  uidOf(
    ctx: Context,
    cluster: string,
    kind: 'serviceaccounts' | 'pods' | 'secrets' | 'nodes',
    place: TokenPlace,
  ): Promise<string | undefined>;
}

/** A token that stands in a Secret, and what is known of its use. */
export interface KeptToken {
  readonly token: string;
  /** The day it was last shown, as `2006-01-02`. */
  readonly lastUsed?: string;
  /** Whether it was marked, because nobody used it. */
  readonly invalid: boolean;
}

export interface TokenPlace {
  readonly namespace: string;
  readonly name: string;
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

const groupsOf = (namespace: string): string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];

/** By what it says of itself: whether that is true is asked afterwards. */
function isLegacy(token: string): boolean {
  try {
    return decodeJwt(token).iss === LEGACY_ISSUER;
  } catch {
    return false;
  }
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function userOf({ namespace, serviceAccount, pod, node }: TokenSubject, payload: JWTPayload): UserInfo {
  const extra: Record<string, string[]> = { [CREDENTIAL_ID]: [`JTI=${payload.jti ?? ''}`] };
  if (pod) Object.assign(extra, { [POD_NAME]: [pod.name], [POD_UID]: [pod.uid] });
  if (node) Object.assign(extra, { [NODE_NAME]: [node.name], ...(node.uid && { [NODE_UID]: [node.uid] }) });
  return {
    name: serviceAccountUser(namespace, serviceAccount.name),
    uid: serviceAccount.uid,
    groups: groupsOf(namespace),
    extra,
  };
}

/** Believes tokens of service accounts that still exist, in their own logical cluster only. */
export class ServiceAccountAuthentication implements AuthenticationMethod {
  constructor(
    private readonly tokens: ServiceAccountTokens,
    private readonly objects: TokenObjects,
  ) {}

  async authenticate(ctx: Context, credentials: Credentials): Promise<UserInfo | undefined> {
    const token = bearerToken(credentials.headers);
    if (!token) return undefined;
    const user = await this.userOfToken(ctx, token, credentials.cluster, [TOKEN_ISSUER]);
    if (!user) throw newUnauthorized('Unauthorized');
    return user;
  }

  /** Who a token stands for; undefined where it is not valid any more, or here. */
  async userOfToken(
    ctx: Context,
    token: string,
    cluster: string,
    audiences: readonly string[],
  ): Promise<UserInfo | undefined> {
    if (isLegacy(token)) return this.userOfLegacy(ctx, token, cluster, audiences);
    const payload = await this.tokens.verify(ctx, token, audiences);
    const subject = payload && subjectOf(payload);
    if (!payload || !subject || subject.cluster !== cluster) return undefined;
    return (await this.stillExists(ctx, subject)) ? userOf(subject, payload) : undefined;
  }

  /** A token that stands in a Secret holds while that Secret holds it. Behaves as kubernetes pkg/serviceaccount/legacy.go. */
  private async userOfLegacy(
    ctx: Context,
    token: string,
    cluster: string,
    audiences: readonly string[],
  ): Promise<UserInfo | undefined> {
    const payload = audiences.includes(TOKEN_ISSUER) ? await this.tokens.verifyLegacy(ctx, token) : undefined;
    const said = payload && readLegacyClaims(payload);
    if (!said || said.cluster !== cluster) return undefined;
    const place = { namespace: said.namespace, name: said.secret };
    const kept = await this.objects.tokenIn(ctx, cluster, place);
    if (kept === undefined || !sameText(kept.token, token) || !(await this.accountExists(ctx, said))) return undefined;
    this.track(ctx, cluster, place, kept);
    if (kept.invalid) return undefined;
    const { namespace, serviceAccount } = said;
    return {
      name: serviceAccountUser(namespace, serviceAccount.name),
      uid: serviceAccount.uid,
      groups: groupsOf(namespace),
    };
  }

  /** Also of one that is not believed: somebody still misses it. Another server's clock may be a day ahead. */
  private track(ctx: Context, cluster: string, place: TokenPlace, { lastUsed }: KeptToken): void {
    const today = dayOf(ctx.clock.now());
    if (lastUsed === undefined || dayBegins(lastUsed) === undefined || lastUsed < today)
      this.objects.markUsed(ctx, cluster, place, today);
  }

  private async accountExists(
    ctx: Context,
    {
      cluster,
      namespace,
      serviceAccount: { name, uid },
    }: Pick<TokenSubject, 'cluster' | 'namespace' | 'serviceAccount'>,
  ): Promise<boolean> {
    return (await this.objects.uidOf(ctx, cluster, 'serviceaccounts', { namespace, name })) === uid;
  }

  /** The account, and what the token is bound to. */
  private async stillExists(ctx: Context, subject: TokenSubject): Promise<boolean> {
    const { cluster, namespace, pod, secret, node } = subject;
    if (!(await this.accountExists(ctx, subject))) return false;
    const isThere = async (kind: 'pods' | 'secrets' | 'nodes', { name, uid }: TokenObject) => {
      const place = { namespace: kind === 'nodes' ? '' : namespace, name };
      return (await this.objects.uidOf(ctx, cluster, kind, place)) === uid;
    };
    if (secret && !(await isThere('secrets', secret))) return false;
    if (pod) return await isThere('pods', pod);
    return !node || (await isThere('nodes', node));
  }
}
