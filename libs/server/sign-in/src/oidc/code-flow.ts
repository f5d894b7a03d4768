import type { Context } from '@binnacle/machinery-context';
import * as oauth from 'oauth4webapi';
import { type Claims, identityOf, type OidcIdentity } from './identity.js';
import type { IdentityProvider } from './identity-provider.js';
import { fetchOptions, type ProviderConnection, type ProviderConnections } from './provider-connection.js';
import { OidcRefusal } from './refusal.js';
import { matchesAccessToken } from './token-hash.js';

/** Between two clocks. */
const TOLERANCE_SECONDS = 30;

/** What must come back with a browser that was led to a provider. */
export interface PendingSignIn {
  readonly provider: string;
  /** Where it was led to, so that no answer of another issuer is taken for this one's. */
  readonly issuer: string;
  readonly clientId: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** The client as the library knows it, under the context's time. */
function clientOf(ctx: Context, { clientId }: IdentityProvider): oauth.Client {
  const skew = Math.round((ctx.clock.now() - Date.now()) / 1000);
  return { client_id: clientId, [oauth.clockSkew]: skew, [oauth.clockTolerance]: TOLERANCE_SECONDS };
}

function authenticationOf({ clientSecret }: IdentityProvider, server: oauth.AuthorizationServer): oauth.ClientAuth {
  if (!clientSecret) return oauth.None();
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const isPost = !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
  return isPost ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret);
}

/** The authorization code flow with PKCE, behind OpenID Connect Core 3.1 and RFC 9700. */
export class CodeFlow {
  constructor(private readonly connections: ProviderConnections) {}

  /** Where to lead a browser, and what it must bring back. Rejects with OidcRefusal. */
  async begin(ctx: Context, provider: IdentityProvider, redirectUri: string) {
    const { server } = await this.connections.to(ctx, provider);
    const [state, nonce, verifier] = [
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
      oauth.generateRandomCodeVerifier(),
    ];
    const location = new URL(server.authorization_endpoint ?? '');
    const asked = {
      client_id: provider.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: [...new Set(['openid', ...provider.scopes])].join(' '),
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(asked)) location.searchParams.set(name, value);
    const { name, issuer, clientId } = provider;
    const pending: PendingSignIn = { provider: name, issuer, clientId, state, nonce, verifier, redirectUri };
    return { location: location.href, pending };
  }

  /**
   * Who the provider says it is. `claim` is called once the answer is known to be for this browser, before the provider is asked:
   * it rejects where the answer was used before. Rejects with OidcRefusal.
   */
  async finish(
    ctx: Context,
    provider: IdentityProvider,
    pending: PendingSignIn,
    answer: URLSearchParams,
    claim: () => Promise<void>,
  ): Promise<OidcIdentity> {
    if (pending.issuer !== provider.issuer || pending.clientId !== provider.clientId)
      throw new OidcRefusal('expired', 'the provider is another by now');
    const connection = await this.connections.to(ctx, provider);
    const client = clientOf(ctx, provider);
    const parameters = checkAnswer(connection.server, client, pending, answer);
    await claim();
    try {
      const claims = await this.exchange(connection, { client, provider, pending, parameters });
      return identityOf(provider, claims);
    } catch (error) {
      if (error instanceof OidcRefusal) throw error;
      throw new OidcRefusal('provider', `what ${provider.issuer} says is not believed`, { cause: error });
    }
  }

  private async exchange({ server, fetch }: ProviderConnection, { client, provider, pending, parameters }: Exchange) {
    const options = fetchOptions(fetch);
    const { redirectUri, verifier, nonce } = pending;
    const authentication = authenticationOf(provider, server);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      redirectUri,
      verifier,
      options,
    );
    const checks = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks);
    await oauth.validateApplicationLevelSignature(server, response, options);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    if (!claims || !matchesAccessToken(tokens.id_token ?? '', claims.at_hash, tokens.access_token))
      throw new Error('the ID token was made for another access token');
    return this.completed({ server, fetch }, { client, provider }, claims, tokens.access_token);
  }

  /** Some providers tell all but the subject only to who asks again. */
  private async completed(
    { server, fetch }: ProviderConnection,
    { client, provider }: Pick<Exchange, 'client' | 'provider'>,
    claims: oauth.IDToken,
    accessToken: string,
  ): Promise<Claims> {
    const wanted = wantedClaims(provider).filter((claim) => claims[claim] === undefined);
    if (wanted.length === 0 || !server.userinfo_endpoint) return claims;
    const answer = await oauth.userInfoRequest(server, client, accessToken, fetchOptions(fetch));
    const more = await oauth.processUserInfoResponse(server, client, claims.sub, answer);
    return { ...more, ...claims };
  }
}

interface Exchange {
  readonly client: oauth.Client;
  readonly provider: IdentityProvider;
  readonly pending: PendingSignIn;
  readonly parameters: URLSearchParams;
}

function wantedClaims({ groups, groupsClaim, allowedDomains, createUsers, usernameClaim }: IdentityProvider): string[] {
  return [
    ...(groups.length > 0 ? [groupsClaim] : []),
    ...(allowedDomains.length > 0 ? ['email', 'email_verified'] : []),
    ...(createUsers ? [usernameClaim, 'email', 'name'] : []),
  ];
}

/** @throws OidcRefusal where it is not the answer to what was asked, or a refusal */
function checkAnswer(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  { state }: PendingSignIn,
  answer: URLSearchParams,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, answer, state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError)
      throw new OidcRefusal('denied', 'the provider did not sign anybody in', { cause: error });
    throw new OidcRefusal('expired', 'it is no answer to what was asked', { cause: error });
  }
}
