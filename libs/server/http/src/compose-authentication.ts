import type { Context } from '@binnacle/machinery-context';
import {
  type AnonymousPolicy,
  type AuthenticationMethod,
  BearerTokens,
  clientCertificates,
  ServiceAccountAuthentication,
  type ServiceAccountSettings,
  ServiceAccountTokens,
  TOKEN_ISSUER,
  type TokenAuthenticator,
} from '@binnacle/server-auth';
import {
  BootstrapTokens,
  ClientCertificateAuthentication,
  FrontProxyAuthentication,
  type FrontProxyOptions,
} from '@binnacle/server-authentication';
import type { Registry } from '@binnacle/server-registry';
import type { Storage } from '@binnacle/server-storage';
import { cachedSecrets, storedTokenObjects } from './paths/token-objects.js';
import type { TlsFiles } from './server/api-server.js';

/** How machines prove who they are. */
export interface AuthenticationOptions {
  /** What makes and reads tokens of service accounts; none are issued or believed without it. */
  readonly serviceAccountKeys?: ServiceAccountSettings;
  /** What all servers of an installation share for web sessions; the key that signs tokens without it. */
  readonly sessionSecret?: string;
  /** Where others find the public keys of those tokens, if not here. */
  readonly keysAddress?: string;
  /** Kinds of tokens beside service accounts' and those by which machines join, asked in their order. */
  readonly tokens?: readonly TokenAuthenticator[];
  /** Everywhere without it. */
  readonly anonymous?: AnonymousPolicy;
  /** Proxies that are believed; none without it. */
  readonly frontProxy?: FrontProxyOptions;
}

export interface Tokens {
  /** Undefined where there are no keys for it. */
  readonly issuer: ServiceAccountTokens | undefined;
  readonly bearer: BearerTokens;
}

/** Every kind of bearer token, in upstream's order. `ctx` is the server's. */
export function composeTokens(
  ctx: Context,
  { serviceAccountKeys, tokens = [], storage }: AuthenticationOptions & { readonly storage: Storage },
  registry: Registry,
): Tokens {
  const issuer = serviceAccountKeys && new ServiceAccountTokens(serviceAccountKeys);
  const objects = storedTokenObjects(ctx, storage, () => registry.get('', 'v1', 'secrets'));
  const kinds = [
    ...(issuer ? [new ServiceAccountAuthentication(issuer, objects)] : []),
    new BootstrapTokens(cachedSecrets(storage)),
    ...tokens,
  ];
  return { issuer, bearer: new BearerTokens(kinds, issuer?.apiAudiences ?? [TOKEN_ISSUER]) };
}

/** What a connection shows: a proxy's certificate or a client's. */
export function certificateMethods({
  frontProxy,
  tls,
}: AuthenticationOptions & { readonly tls: TlsFiles }): AuthenticationMethod[] {
  if (!frontProxy) return [clientCertificates];
  return [new FrontProxyAuthentication(frontProxy), new ClientCertificateAuthentication(tls.clientCa.toString())];
}
