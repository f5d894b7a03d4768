import { timingSafeEqual } from 'node:crypto';
import {
  dayBegins,
  dayOf,
  LEGACY_ISSUER,
  readLegacyClaims,
  serviceAccountUser,
} from '@binnacle/apis-kubernetes/tokens';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { decodeJwt, type JWTPayload } from 'jose';
import { type TokenAnswer, type TokenAuthenticator, TokenRefused, type TokenScope } from './bearer-tokens.js';
import { type ServiceAccountTokens, subjectOf, type TokenObject, type TokenSubject } from './service-account-tokens.js';
import { CREDENTIAL_ID, type UserInfo } from './user-info.js';

const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';
const NODE_NAME = 'authentication.kubernetes.io/node-name';
const NODE_UID = 'authentication.kubernetes.io/node-uid';

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
  ): Soon<string | undefined>;
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

const groupsOf = (namespace: string): string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];

/** Whom a token says it is from, whatever that is worth; undefined where it is no JWT. */
export function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
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
    ...(payload.exp !== undefined && { expiresAt: payload.exp * 1000 }),
  };
}

/** Who a token stands for, if that is so. */
interface Read {
  readonly subject: TokenSubject;
  readonly user: UserInfo;
}

const reads = new WeakMap<JWTPayload, Read | undefined>();

/** One for all requests that show the token, so that what is found out about its user is found once. */
function readOf(payload: JWTPayload): Read | undefined {
  if (!reads.has(payload)) {
    const subject = subjectOf(payload);
    reads.set(payload, subject && { subject, user: userOf(subject, payload) });
  }
  return reads.get(payload);
}

const refused = (): never => {
  throw new TokenRefused('invalid bearer token');
};

const audiencesOf = ({ aud = [] }: JWTPayload): readonly string[] => [aud].flat();

/** Believes tokens of service accounts that still exist, in their own logical cluster only. */
export class ServiceAccountAuthentication implements TokenAuthenticator {
  constructor(
    private readonly tokens: ServiceAccountTokens,
    private readonly objects: TokenObjects,
  ) {}

  authenticateToken(ctx: Context, token: string, scope: TokenScope): Soon<TokenAnswer | undefined> {
    const known = this.tokens.known(ctx, token);
    if (!known && !this.isOurs(claimedIssuer(token))) return undefined;
    return soon(known ?? this.tokens.verify(ctx, token), (payload) => {
      if (!payload) return refused();
      return payload.iss === LEGACY_ISSUER
        ? this.answerLegacy(ctx, token, payload, scope)
        : this.answer(ctx, payload, scope);
    });
  }

  private isOurs(issuer: string | undefined): boolean {
    return issuer !== undefined && (issuer === LEGACY_ISSUER || this.tokens.issuers.includes(issuer));
  }

  private answer(ctx: Context, payload: JWTPayload, { cluster, audiences }: TokenScope): Soon<TokenAnswer> {
    const read = readOf(payload);
    const common = audiencesOf(payload).filter((audience) => audiences.includes(audience));
    if (!read || read.subject.cluster !== cluster || common.length === 0) return refused();
    return soon(this.stillExists(ctx, read.subject), (isThere) =>
      isThere ? { user: read.user, audiences: common } : refused(),
    );
  }

  /** A token that stands in a Secret holds while that Secret holds it. Behaves as kubernetes pkg/serviceaccount/legacy.go. */
  private async answerLegacy(
    ctx: Context,
    token: string,
    payload: JWTPayload,
    { cluster, audiences }: TokenScope,
  ): Promise<TokenAnswer> {
    const common = this.tokens.apiAudiences.filter((audience) => audiences.includes(audience));
    const said = readLegacyClaims(payload);
    if (!said || said.cluster !== cluster || common.length === 0) return refused();
    const place = { namespace: said.namespace, name: said.secret };
    const kept = await this.objects.tokenIn(ctx, cluster, place);
    if (kept === undefined || !sameText(kept.token, token) || !(await this.accountExists(ctx, said))) return refused();
    this.track(ctx, cluster, place, kept);
    if (kept.invalid) return refused();
    const { namespace, serviceAccount } = said;
    const name = serviceAccountUser(namespace, serviceAccount.name);
    return { user: { name, uid: serviceAccount.uid, groups: groupsOf(namespace) }, audiences: common };
  }

  /** Also of one that is not believed: somebody still misses it. Another server's clock may be a day ahead. */
  private track(ctx: Context, cluster: string, place: TokenPlace, { lastUsed }: KeptToken): void {
    const today = dayOf(ctx.clock.now());
    if (lastUsed === undefined || dayBegins(lastUsed) === undefined || lastUsed < today)
      this.objects.markUsed(ctx, cluster, place, today);
  }

  private accountExists(
    ctx: Context,
    {
      cluster,
      namespace,
      serviceAccount: { name, uid },
    }: Pick<TokenSubject, 'cluster' | 'namespace' | 'serviceAccount'>,
  ): Soon<boolean> {
    return soon(this.objects.uidOf(ctx, cluster, 'serviceaccounts', { namespace, name }), (found) => found === uid);
  }

  /** The account, and what the token is bound to. Behaves as kubernetes pkg/serviceaccount/claims.go. */
  private stillExists(ctx: Context, subject: TokenSubject): Soon<boolean> {
    const { cluster, namespace, pod, secret, node } = subject;
    const isThere = (kind: 'pods' | 'secrets' | 'nodes', { name, uid }: TokenObject): Soon<boolean> => {
      const place = { namespace: kind === 'nodes' ? '' : namespace, name };
      return soon(this.objects.uidOf(ctx, cluster, kind, place), (found) => found === uid);
    };
    const bound = (): Soon<boolean> => {
      if (pod) return isThere('pods', pod);
      return node ? isThere('nodes', node) : true;
    };
    return soon(this.accountExists(ctx, subject), (exists) => {
      if (!exists) return false;
      if (!secret) return bound();
      return soon(isThere('secrets', secret), (there) => there && bound());
    });
  }
}
