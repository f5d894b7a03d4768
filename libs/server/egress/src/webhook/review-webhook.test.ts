import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { type KeyPair, TestAuthority } from '@binnacle/testing-cluster/authority';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REVIEW_DEFAULTS, ReviewWebhook, type ReviewWebhookOptions, WebhookFailure } from './review-webhook.js';
import type { WebhookTarget } from './webhook-target.js';

const REVIEW = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user: 'jane' } };
let authority: TestAuthority;
let client: KeyPair;
let server: Server;
let url: string;
let serve: (request: IncomingMessage, answer: ServerResponse, body: string) => void;
let asked: number;
let clock: FakeClock;
let trips: string[];

beforeAll(async () => {
  authority = await TestAuthority.create(Date.now());
  client = await authority.issue({ commonName: 'kube-apiserver' });
  const { certificate: cert, key } = await authority.issue({ commonName: 'hook', hosts: ['localhost'] });
  const tls = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
  server = createServer(tls, (request, answer) => {
    asked += 1;
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => serve(request, answer, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}/review`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
beforeEach(() => {
  [asked, trips, clock] = [0, [], new FakeClock()];
  serve = (_request, answer) => answer.end(JSON.stringify({ ...REVIEW, status: { allowed: true } }));
});

const context = (signal = new AbortController().signal) => ({ clock, logger: silentLogger, signal });
function webhook(target: Partial<WebhookTarget> = {}, options: Partial<ReviewWebhookOptions> = {}): ReviewWebhook {
  const tls = { ca: authority.certificate };
  const whole = { url, tls, headers: () => ({ authorization: 'Bearer t' }), ...target };
  const observe = (result: string) => void trips.push(result);
  return new ReviewWebhook(context(), whole, { ...REVIEW_DEFAULTS, ...options }, observe);
}
/** Lets the pauses between tries pass. */
async function settle<T>(asking: Promise<T>): Promise<T> {
  let isOver = false;
  const over = asking.finally(() => (isOver = true));
  over.catch(() => undefined);
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if ((clock.nextAt ?? Infinity) < clock.now() + 5_000) clock.stepTo(clock.nextAt ?? 0);
  }
  return over;
}

describe('a webhook', () => {
  test('is asked by POST, as whom and with what the kubeconfig says', async () => {
    let said: unknown;
    serve = (request, answer, body) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate();
      said = [request.method, request.url, request.headers.authorization, peer.subject.CN, JSON.parse(body)];
      answer.end(JSON.stringify({ ...REVIEW, status: { allowed: false } }));
    };
    const hook = webhook({ tls: { ca: authority.certificate, cert: client.certificate, key: client.key } });
    expect(await hook.ask(context(), REVIEW)).toMatchObject({ status: { allowed: false } });
    expect(said).toEqual(['POST', '/review', 'Bearer t', 'kube-apiserver', REVIEW]);
    expect(trips).toEqual(['success']);
  });

  test('keeps its connections for the next question', async () => {
    const ports = new Set<number | undefined>();
    serve = (request, answer) => {
      ports.add(request.socket.remotePort);
      answer.end(JSON.stringify(REVIEW));
    };
    const hook = webhook();
    for (let at = 0; at < 3; at += 1) await hook.ask(context(), REVIEW);
    expect([asked, ports.size]).toEqual([3, 1]);
  });

  test.each([429, 500, 504])('that answers %i is asked again, five times at most', async (status) => {
    serve = (_request, answer) => answer.writeHead(asked < 3 ? status : 200).end(JSON.stringify(REVIEW));
    expect(await settle(webhook().ask(context(), REVIEW))).toMatchObject({ kind: 'SubjectAccessReview' });
    expect(trips).toEqual([status === 504 ? 'timeout' : 'error', status === 504 ? 'timeout' : 'error', 'success']);
    [asked, trips] = [0, []];
    serve = (_request, answer) => answer.writeHead(status).end();
    await expect(settle(webhook().ask(context(), REVIEW))).rejects.toThrow(`the webhook answered ${status}`);
    expect(asked).toBe(5);
  });

  test('that hangs up is asked again, and one that says when', async () => {
    serve = (_request, answer) => {
      if (asked === 1) answer.destroy();
      else if (asked === 2) answer.writeHead(503, { 'retry-after': '1' }).end();
      else answer.end(JSON.stringify(REVIEW));
    };
    await settle(webhook().ask(context(), REVIEW));
    expect(asked).toBe(3);
  });

  test.each<[string, (answer: ServerResponse) => void, string]>([
    ['refuses', (answer) => answer.writeHead(403).end(), 'the webhook answered 403'],
    ['is away without saying for how long', (answer) => answer.writeHead(503).end(), 'the webhook answered 503'],
    ['sends elsewhere', (answer) => answer.writeHead(302, { location: url }).end(), 'the webhook answered 302'],
    ['answers no JSON', (answer) => answer.end('<html>'), 'did not answer with JSON'],
    ['answers something else', (answer) => answer.end('{"kind":"TokenReview"}'), 'did not answer with a SubjectAccess'],
    ['answers nothing', (answer) => answer.end('null'), 'did not answer with a SubjectAccessReview'],
    ['answers very much', (answer) => answer.end('x'.repeat(1024 * 1024 + 1)), 'is larger than 1048576 bytes'],
  ])('that %s is not asked again', async (_, answer, why) => {
    serve = (_request, response) => answer(response);
    await expect(webhook().ask(context(), REVIEW)).rejects.toThrow(why);
    expect([asked, trips]).toEqual([1, ['error']]);
  });

  test('that does not answer is waited for so long', async () => {
    serve = () => undefined;
    const asking = webhook({}, { milliseconds: 3_000 }).ask(context(), REVIEW);
    await expect.poll(() => asked).toBe(1);
    clock.step(3_000);
    await expect(asking).rejects.toMatchObject({ message: 'no answer within 3 s', result: 'timeout' });
    expect([asked, trips]).toEqual([1, ['timeout']]);
  });

  test('is not waited for by who has gone', async () => {
    serve = () => undefined;
    const gone = new AbortController();
    const asking = webhook().ask(context(gone.signal), REVIEW);
    await expect.poll(() => asked).toBe(1);
    gone.abort(new Error('gone'));
    await expect(asking).rejects.toThrow('gone');
    expect(trips).toEqual(['canceled']);
  });

  test('is asked so many questions at a time, and gives others their turn', async () => {
    const waiting: ServerResponse[] = [];
    serve = (_request, answer) => void waiting.push(answer);
    const hook = webhook();
    const asking = Array.from({ length: 200 }, () => hook.ask(context(), REVIEW));
    await expect(hook.ask(context(), REVIEW)).rejects.toMatchObject({ reason: 'TooManyRequests' });
    const answerAll = () => {
      for (const answer of waiting.splice(0)) answer.end(JSON.stringify(REVIEW));
      return asked;
    };
    await expect.poll(answerAll, { timeout: 30_000 }).toBe(200);
    answerAll();
    await Promise.all(asking);
    serve = (_request, answer) => answer.end(JSON.stringify(REVIEW));
    await hook.ask(context(), REVIEW);
  });

  test.each([
    'https://169.254.169.254/latest',
    'https://[fe80::1]/',
    'https://100.100.100.200/',
    'https://0.0.0.0/',
    'http://localhost/',
  ])('at %s is never asked', async (forbidden) => {
    const error = await webhook({ url: forbidden })
      .ask(context(), REVIEW)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(WebhookFailure);
    expect((error as Error).message).toMatch(/nobody may be asked|is not asked/);
  });

  test('of another authority is told nothing', async () => {
    await expect(webhook({ tls: {} }).ask(context(), REVIEW)).rejects.toThrow('certificate');
    expect(asked).toBe(0);
  });
});
