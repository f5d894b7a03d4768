import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import type { WebhookTarget } from '@binnacle/server-egress';
import { TestAuthority } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PendingEvent } from '../event.js';
import { AuditWebhook, WEBHOOK_DEFAULTS } from './webhook.js';

const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
let server: Server;
let target: WebhookTarget;
/** Statuses of the next answers; 200 after them. */
let answers: number[];
let received: { readonly authorization: string | undefined; readonly ids: string[] }[];

interface EventList {
  readonly kind: string;
  readonly items: readonly { readonly auditID: string }[];
}

beforeAll(async () => {
  const authority = await TestAuthority.create(Date.now());
  const { certificate: cert, key } = await authority.issue({ commonName: 'audit', hosts: ['localhost'] });
  server = createServer({ cert, key }, (request, answer) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { items } = JSON.parse(text) as EventList;
      received.push({ authorization: request.headers.authorization, ids: items.map(({ auditID }) => auditID) });
      answer.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  target = {
    url: `https://localhost:${port}/events`,
    tls: { ca: authority.certificate },
    headers: () => ({ authorization: 'Bearer t' }),
  };
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  [answers, received] = [[], []];
});

const pending = (auditID: string): PendingEvent =>
  ({ event: { kind: 'Event', auditID }, omitManagedFields: false }) as unknown as PendingEvent;

async function send(ids: string[], more: Partial<typeof WEBHOOK_DEFAULTS> = {}): Promise<void> {
  const webhook = new AuditWebhook(ctx, target, { ...WEBHOOK_DEFAULTS, initialBackoff: 1, ...more });
  await webhook.write(ids.map(pending));
}

test('events go to the server as a list, with its token', async () => {
  await send(['a', 'b']);
  expect(received).toEqual([{ authorization: 'Bearer t', ids: ['a', 'b'] }]);
});

test('a server that cannot now is asked again, so many times', async () => {
  answers = [503, 429];
  await send(['a']);
  expect(received).toHaveLength(3);
  answers = [500, 500, 500];
  await expect(send(['b'], { attempts: 2 })).rejects.toThrow('the webhook answered 500');
});

test('what a server refuses, or sends elsewhere, it is not asked again', async () => {
  for (const status of [400, 302]) {
    [answers, received] = [[status], []];
    await expect(send(['a'])).rejects.toThrow(`the webhook answered ${status}`);
    expect(received).toHaveLength(1);
  }
});

test('a server of another authority gets nothing', async () => {
  const webhook = new AuditWebhook(ctx, { ...target, tls: {} }, { ...WEBHOOK_DEFAULTS, attempts: 1 });
  await expect(webhook.write([pending('a')])).rejects.toThrow('certificate');
  expect(received).toEqual([]);
});
