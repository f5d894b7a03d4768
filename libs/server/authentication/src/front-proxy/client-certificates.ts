import type { X509Certificate } from 'node:crypto';
import type { Context, Soon } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import {
  type AuthenticationMethod,
  type ClientCertificate,
  clientCertificates,
  type Credentials,
  type UserInfo,
} from '@binnacle/server-auth';
import { certificatesIn, isSignedBy } from './front-proxy.js';

/**
 * Client certificates where connections also take those of proxies, whose authority makes nobody a user: which of the two signed one
 * is asked here, since the connection does not tell.
 */
export class ClientCertificateAuthentication implements AuthenticationMethod {
  private readonly authorities: readonly X509Certificate[];
  private readonly known = new WeakMap<ClientCertificate, boolean>();

  /** `clientCa` is PEM. Throws where it is none. */
  constructor(clientCa: string) {
    this.authorities = certificatesIn(clientCa);
  }

  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo | undefined> {
    const { certificate } = credentials;
    if (certificate?.authorized && !this.isOfClients(certificate)) throw newUnauthorized('Unauthorized');
    return clientCertificates.authenticate(ctx, credentials);
  }

  private isOfClients(certificate: ClientCertificate): boolean {
    let known = this.known.get(certificate);
    if (known === undefined) {
      known = certificate.raw !== undefined && isSignedBy(this.authorities, certificate.raw);
      this.known.set(certificate, known);
    }
    return known;
  }
}
