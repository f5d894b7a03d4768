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

/** A client that is known to the provider. */
export interface OidcClient {
  readonly id: string;
  /** Absent for a public one, such as a program on somebody's machine. */
  readonly secret?: string;
}

interface SigningKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function newKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
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
  /** The newest first: it signs. */
  private keys: readonly SigningKey[] = [newKey('key-1')];
  private made = 1;

  private constructor(
    private readonly server: Server,
    private readonly clients: readonly OidcClient[],
    /** PEM of who signed its certificate. */
    readonly certificateAuthority: string,
  ) {}

  /** `clients`: the first is the one of whom tokens are that are asked for by nobody. */
  static async start(authority: TestAuthority, ...clients: readonly OidcClient[]) {
    const { certificate: cert, key } = await authority.issue({ commonName: 'provider', hosts: ['localhost'] });
    const server = createServer({ cert, key });
    const known = clients.length > 0 ? clients : [{ id: 'binnacle', secret: 'a secret' }];
    const provider = new TestOidcProvider(server, known, authority.certificate);
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

  /** Signs by a new key from now on. The one before is published still, unless it is `replaced`. */
  rotate(replaced = false): void {
    this.made += 1;
    const key = newKey(`key-${this.made}`);
    this.keys = replaced ? [key] : [key, ...this.keys];
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
  async idToken(more: JWTPayload = {}): Promise<string> {
    const now = Math.floor(this.now() / 1000);
    const [key = newKey('none')] = this.keys;
    const aud = this.clients[0]?.id ?? '';
    const plain = { iss: this.issuer, aud, iat: now, exp: now + 300, ...this.person, ...more };
    const { claims = (same) => same, sign } = this.behaviour;
    if (sign) return sign(claims(plain), key.privateKey);
    return new SignJWT(claims(plain)).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey);
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
      case '/jwks':
        return send(response, 200, { keys: await Promise.all(this.keys.map(published)) });
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
    const client = this.clients.find((one) => isOf(one, request, asked));
    if (!client) return send(response, 401, { error: 'invalid_client' });
    const isFor = grant?.clientId === client.id && grant.redirectUri === asked.get('redirect_uri');
    if (!isFor || grant.challenge !== verifier) return send(response, 400, { error: 'invalid_grant' });
    const token = randomBytes(16).toString('base64url');
    const id = await this.idToken({
      aud: client.id,
      at_hash: half(token),
      ...(grant.nonce !== null && { nonce: grant.nonce }),
    });
    send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 300, id_token: id });
  }
}

async function published({ publicKey, kid }: SigningKey): Promise<object> {
  return { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
}

/** Whether a request for tokens is a client's: of a secret it shows that it has it, of none it says its name. */
function isOf({ id, secret }: OidcClient, { headers }: IncomingMessage, asked: URLSearchParams): boolean {
  if (secret === undefined) return headers.authorization === undefined && asked.get('client_id') === id;
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret).replaceAll('%20', '+')}`);
  return headers.authorization === `Basic ${basic.toString('base64')}`;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
