import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import type { TestAuthority } from './test-authority.js';

/** What a client asked for when it led a browser here. */
interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
}

/** How the provider misbehaves, or is unlike others. */
export interface OidcBehaviour {
  /** Changes what the ID token says. */
  readonly claims?: (claims: JWTPayload) => JWTPayload;
  /** Signs it otherwise. */
  readonly sign?: (claims: JWTPayload, key: KeyObject) => Promise<string> | string;
  /** Answers a request in the provider's stead, by its path; false where it does not. */
  readonly answer?: (path: string, response: ServerResponse, request: IncomingMessage) => boolean;
  /** Changes what it says of itself. */
  readonly metadata?: (metadata: Record<string, unknown>) => Record<string, unknown>;
  /** Claims that only the userinfo endpoint tells. */
  readonly userinfo?: Record<string, unknown>;
}

const half = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

/** A small OpenID Connect provider over HTTPS, at which somebody is always signed in. */
export class TestOidcProvider {
  /** Who is signed in there. */
  person: JWTPayload = { sub: 'subject-1' };
  behaviour: OidcBehaviour = {};
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Milliseconds since the epoch. */
  now = (): number => Date.now();
  private readonly grants = new Map<string, Grant>();
  private readonly key = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(
    private readonly server: Server,
    private readonly client: { readonly id: string; readonly secret: string },
  ) {}

  static async start(authority: TestAuthority, client = { id: 'binnacle', secret: 'a secret' }) {
    const { certificate: cert, key } = await authority.issue({ commonName: 'provider', hosts: ['localhost'] });
    const server = createServer({ cert, key });
    const provider = new TestOidcProvider(server, client);
    server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void provider.serve(request, response),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return provider;
  }

  get issuer(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** What a browser is led to when it comes to the authorization endpoint: back to the client, with a code. */
  authorize(location: string): string {
    const { searchParams: asked } = new URL(location);
    const redirect = new URL(asked.get('redirect_uri') ?? '');
    const code = randomBytes(16).toString('base64url');
    this.grants.set(code, {
      clientId: asked.get('client_id') ?? '',
      redirectUri: redirect.href,
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce'),
    });
    for (const [name, value] of Object.entries({ code, state: asked.get('state') ?? '', iss: this.issuer }))
      redirect.searchParams.set(name, value);
    return redirect.href;
  }

  /** An ID token, as of a sign-in that took place. */
  async idToken(more: JWTPayload): Promise<string> {
    const now = Math.floor(this.now() / 1000);
    const plain = { iss: this.issuer, aud: this.client.id, iat: now, exp: now + 300, ...this.person, ...more };
    const { claims = (same) => same, sign } = this.behaviour;
    if (sign) return sign(claims(plain), this.key.privateKey);
    return new SignJWT(claims(plain)).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(this.key.privateKey);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(request.url ?? '/', this.issuer);
    this.asked.push(path);
    if (this.behaviour.answer?.(path, response, request)) return;
    switch (path) {
      case '/.well-known/openid-configuration':
        return send(response, 200, this.metadata());
      case '/jwks': {
        const jwk = await exportJWK(this.key.publicKey);
        return send(response, 200, { keys: [{ ...jwk, kid: 'key-1', alg: 'RS256', use: 'sig' }] });
      }
      case '/authorize':
        return void response.writeHead(302, { location: this.authorize(`${this.issuer}${request.url}`) }).end();
      case '/token':
        return this.token(request, response);
      case '/userinfo':
        return send(response, 200, { sub: this.person.sub, ...this.behaviour.userinfo });
      default:
        return send(response, 404, {});
    }
  }

  private metadata(): Record<string, unknown> {
    const { issuer } = this;
    const { metadata = (same) => same } = this.behaviour;
    return metadata({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
    });
  }

  private async token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = new URLSearchParams(body);
    const grant = this.grants.get(asked.get('code') ?? '');
    this.grants.delete(asked.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    const basic = Buffer.from(
      `${encodeURIComponent(this.client.id)}:${encodeURIComponent(this.client.secret).replaceAll('%20', '+')}`,
    );
    const isClient = request.headers.authorization === `Basic ${basic.toString('base64')}`;
    if (!isClient) return send(response, 401, { error: 'invalid_client' });
    if (grant?.challenge !== verifier || grant.redirectUri !== asked.get('redirect_uri'))
      return send(response, 400, { error: 'invalid_grant' });
    const token = randomBytes(16).toString('base64url');
    const id = await this.idToken({ at_hash: half(token), ...(grant.nonce !== null && { nonce: grant.nonce }) });
    send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 300, id_token: id });
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
