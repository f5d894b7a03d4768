import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { WebhookTarget } from '@binnacle/server-egress';
import type { TestAuthority } from './test-authority.js';

type Json = Readonly<Record<string, unknown>>;

/** A webhook over HTTPS that answers each review with a status, as a test says. */
export class TestWebhook {
  /** The reviews it was sent. */
  readonly asked: Json[] = [];
  /** What it answers; a number is an HTTP status, and nothing is no answer. */
  answer: (review: Json) => object | number | undefined = () => ({});

  private constructor(
    private readonly server: Server,
    /** How it is asked. */
    readonly target: WebhookTarget,
  ) {
    server.on('request', (request, answer) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const review = JSON.parse(body) as Json;
        this.asked.push(review);
        const said = this.answer(review);
        if (typeof said === 'number') answer.writeHead(said).end();
        else if (said) answer.end(JSON.stringify({ ...review, status: said }));
      });
    });
  }

  static async start(authority: TestAuthority): Promise<TestWebhook> {
    const { certificate: cert, key } = await authority.issue({ commonName: 'webhook', hosts: ['localhost'] });
    const server = createServer({ cert, key });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as AddressInfo).port}/review`;
    return new TestWebhook(server, { url, tls: { ca: authority.certificate }, headers: () => ({}) });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
