import type { IncomingHttpHeaders } from 'node:http';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import type { Act } from './act.js';
import { ANONYMOUS, asAuthenticated, CREDENTIAL_ID, type UserInfo } from './user-info.js';

/** The subject of a client certificate. */
export interface ClientCertificate {
  /** Whether the cluster's authority signed it. */
  readonly authorized: boolean;
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Attributes 1.3.6.1.4.1.57683.2, of which there may be one. */
  readonly uids?: readonly string[];
  /** SHA-256 of it, in hexadecimal digits. */
  readonly fingerprint?: string;
  /** When it ends, milliseconds since the epoch: a connection may last longer. */
  readonly expiresAt?: number;
  /** DER. */
  readonly raw?: Buffer;
}

/** What proves who a request comes from. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The logical cluster the request is made to. */
  readonly cluster: string;
  readonly certificate?: ClientCertificate;
  /** What is asked for, without its query; where it is not known, nobody asks anonymously but where all may. */
  readonly path?: string;
  /** What is asked for, where it is one thing; absent where a connection is opened for many. */
  readonly act?: Omit<Act, 'cluster'>;
}

/** One way to prove an identity. Undefined where the request does not use it; throws or rejects where the proof is wrong. */
export interface AuthenticationMethod {
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo | undefined>;
}

/** The dashboard's front door: it speaks for whoever's cookie or token it hands on, and for nobody itself. */
const FRONT_DOOR = 'system:web';

/** Whether what the client says of where a request came from is to be believed, as upstream believes its front proxy. */
export function isFrontDoor(certificate: ClientCertificate | undefined): boolean {
  return certificate?.authorized === true && certificate.commonName === FRONT_DOOR;
}

const subjects = new WeakMap<ClientCertificate, UserInfo>();

/** One for all requests of a connection, so that what is found out about its user is found once. */
function subjectOf(certificate: ClientCertificate): UserInfo {
  let subject = subjects.get(certificate);
  if (!subject) {
    const [uid] = certificate.uids ?? [];
    const { commonName: name, organizations: groups, fingerprint, expiresAt } = certificate;
    const extra = { [CREDENTIAL_ID]: [`X509SHA256=${fingerprint}`] };
    const more = { ...(uid !== undefined && { uid }), ...(fingerprint && { extra }) };
    subject = asAuthenticated({ name, groups, ...more, ...(expiresAt !== undefined && { expiresAt }) });
    subjects.set(certificate, subject);
  }
  return subject;
}

const hasOddUid = ({ uids = [] }: ClientCertificate): boolean => uids.length > 1 || uids[0] === '';

/** Behaves as kubernetes apiserver pkg/authentication/request/x509: CN is the user, each O a group. */
export const clientCertificates: AuthenticationMethod = {
  authenticate({ logger, clock }, { certificate }) {
    if (!certificate) return undefined;
    if (!certificate.authorized) {
      logger.debug('client certificate of an unknown authority', { user: certificate.commonName });
      throw newUnauthorized('Unauthorized');
    }
    if (isFrontDoor(certificate)) return undefined;
    if (certificate.expiresAt !== undefined && certificate.expiresAt <= clock.now()) {
      logger.debug('client certificate that has ended', { user: certificate.commonName });
      throw newUnauthorized('Unauthorized');
    }
    if (hasOddUid(certificate)) {
      logger.debug('client certificate with an empty or a second uid', { user: certificate.commonName });
      throw newUnauthorized('Unauthorized');
    }
    return subjectOf(certificate);
  },
};

const TOKEN_PROTOCOL = 'base64url.bearer.authorization.k8s.io.';

/**
 * The token that a WebSocket offers as a protocol, since browsers set no headers of theirs. One that offers nothing else speaks no
 * protocol, and shows none. Behaves as kubernetes apiserver pkg/authentication/request/websocket.
 */
function webSocketToken(headers: IncomingHttpHeaders): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const [token, ...more] = offered.filter((protocol) => protocol.startsWith(TOKEN_PROTOCOL));
  if (token === undefined || more.length > 0 || offered.length === 1) return undefined;
  return Buffer.from(token.slice(TOKEN_PROTOCOL.length), 'base64url').toString() || undefined;
}

/** What follows one space; behind several there is none. Behaves as kubernetes apiserver pkg/authentication/request/bearertoken. */
function headerToken(authorization: string): string | undefined {
  const [scheme = '', token] = authorization.trim().split(' ', 2);
  return scheme.toLowerCase() === 'bearer' ? token || undefined : undefined;
}

/** The token of an `Authorization: Bearer` header, or of a WebSocket. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return headerToken(headers.authorization ?? '') ?? webSocketToken(headers);
}

/** What may be asked for by who says nothing of who they are; that it is allowed is another question. */
export interface AnonymousPolicy {
  allows(path: string | undefined): boolean;
}

const EVERYWHERE: AnonymousPolicy = { allows: () => true };

/** Tries each way in turn; who proves nothing is anonymous. Throws or rejects with Unauthorized for a wrong proof. */
export class Authenticator {
  constructor(
    private readonly methods: readonly AuthenticationMethod[],
    private readonly anonymous: AnonymousPolicy = EVERYWHERE,
  ) {}

  authenticate(ctx: Context, credentials: Credentials, from = 0): Soon<UserInfo> {
    const method = this.methods[from];
    if (method) {
      return soon(method.authenticate(ctx, credentials), (user) =>
        user ? asAuthenticated(user) : this.authenticate(ctx, credentials, from + 1),
      );
    }
    const { headers } = credentials;
    const isWrong = headers.authorization !== undefined || webSocketToken(headers) !== undefined;
    if (isWrong || !this.anonymous.allows(credentials.path)) throw newUnauthorized('Unauthorized');
    return ANONYMOUS;
  }
}
