import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestAuthority } from './test-authority.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A small OpenID issuer over HTTPS that signs whatever it is told to; `close` it. */
export class TestIssuer {
  private kid = 0;
  private privateKey: KeyObject;
  private keys: object[] = [];
  /** How many questions it was asked. */
  asked = 0;
  /** What is answered instead, for as long as it is set. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;

  private constructor(
    private readonly server: Server,
    /** PEM of who signed its certificate. */
    readonly certificateAuthority: string,
  ) {
    this.privateKey = this.rotate();
    server.on('request', (request, response) => this.serve(request, response));
  }

  static async start(authority: TestAuthority): Promise<TestIssuer> {
    const { certificate: cert, key } = await authority.issue({ commonName: 'issuer', hosts: ['127.0.0.1'] });
    const server = createServer({ cert, key });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestIssuer(server, authority.certificate);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Makes a new key and forgets the old one. */
  rotate(): KeyObject {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.kid += 1;
    this.keys = [{ ...pair.publicKey.export({ format: 'jwk' }), kid: `key-${this.kid}`, use: 'sig', alg: 'RS256' }];
    return (this.privateKey = pair.privateKey);
  }

  /** A token for `audience`, good for an hour but for what the claims say. */
  token(audience: string, claims: Readonly<Record<string, unknown>> = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: this.url, aud: audience, sub: 'alice', iat: now, exp: now + 3600, ...claims };
    const text = `${encode({ alg: 'RS256', kid: `key-${this.kid}` })}.${encode(payload)}`;
    return `${text}.${sign('sha256', Buffer.from(text), this.privateKey).toString('base64url')}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    this.asked += 1;
    if (this.answer) return this.answer(request, response);
    const { url } = this;
    const documents: Readonly<Record<string, unknown>> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': { keys: this.keys },
    };
    const document = documents[request.url ?? ''];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  }
}
