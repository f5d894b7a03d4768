import type { IncomingHttpHeaders } from 'node:http';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import { ANONYMOUS, asAuthenticated, type UserInfo } from './user-info.js';

/** The subject of a client certificate. */
export interface ClientCertificate {
  /** Whether the cluster's authority signed it. */
  readonly authorized: boolean;
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** What proves who a request comes from. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The logical cluster the request is made to. */
  readonly cluster: string;
  readonly certificate?: ClientCertificate;
}

/** One way to prove an identity. Undefined where the request does not use it; throws or rejects where the proof is wrong. */
export interface AuthenticationMethod {
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo | undefined>;
}

const subjects = new WeakMap<ClientCertificate, UserInfo>();

/** One for all requests of a connection, so that what is found out about its user is found once. */
function subjectOf(certificate: ClientCertificate): UserInfo {
  let subject = subjects.get(certificate);
  if (!subject) {
    subject = asAuthenticated({ name: certificate.commonName, groups: certificate.organizations });
    subjects.set(certificate, subject);
  }
  return subject;
}

/** Behaves as kubernetes apiserver pkg/authentication/request/x509: CN is the user, each O a group. */
export const clientCertificates: AuthenticationMethod = {
  authenticate({ logger }, { certificate }) {
    if (!certificate) return undefined;
    if (!certificate.authorized) {
      logger.debug('client certificate of an unknown authority', { user: certificate.commonName });
      throw newUnauthorized('Unauthorized');
    }
    return subjectOf(certificate);
  },
};

/** The token of an `Authorization: Bearer` header. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** Tries each way in turn; who proves nothing is anonymous. Throws or rejects with Unauthorized for a wrong proof. */
export class Authenticator {
  constructor(private readonly methods: readonly AuthenticationMethod[]) {}

  authenticate(ctx: Context, credentials: Credentials, from = 0): Soon<UserInfo> {
    const method = this.methods[from];
    if (method) {
      return soon(method.authenticate(ctx, credentials), (user) =>
        user ? asAuthenticated(user) : this.authenticate(ctx, credentials, from + 1),
      );
    }
    if (credentials.headers.authorization) throw newUnauthorized('Unauthorized');
    return ANONYMOUS;
  }
}
