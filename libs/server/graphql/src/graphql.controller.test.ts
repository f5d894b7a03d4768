import { newTooManyRequests } from '@binnacle/machinery-meta';
import type { RequestContext } from '@binnacle/server-registry';
import { expect, test } from 'vitest';
import { GraphqlController } from './graphql.controller.js';
import type { GraphqlService } from './service.js';

test('an answer is handed over only to who may have more of them unread', async () => {
  const body = Buffer.from('{"data":{}}');
  const service = {
    execute: async () => ({ status: 200, headers: {}, body }),
    refused: () => ({ status: 429, headers: { 'retry-after': '1' }, body: Buffer.from('{"errors":[]}') }),
  } as unknown as GraphqlService;
  const asked: number[] = [];
  const controller = new GraphqlController(
    service,
    async () => ({}) as RequestContext,
    (_ctx, _request, bytes) => {
      asked.push(bytes);
      if (asked.length > 1) throw newTooManyRequests('too many answers are waiting to be read', 1);
    },
    () => undefined,
  );
  const statuses: number[] = [];
  const reply = {
    code: (status: number) => {
      statuses.push(status);
      return reply;
    },
    headers: () => reply,
    header: () => reply,
    send: () => undefined,
  };
  const request = { method: 'POST', url: '/graphql', headers: {}, body: Buffer.alloc(0), raw: {} };
  await controller.run(request, reply);
  await controller.run(request, reply);
  expect({ asked, statuses }).toEqual({ asked: [body.length, body.length], statuses: [200, 429] });
});
