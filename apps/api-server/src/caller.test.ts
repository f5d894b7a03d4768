import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { Credentials, UserInfo } from '@binnacle/server-auth';
import { beforeEach, expect, test } from 'vitest';
import { type Call, callerContext } from './caller.js';

/** Its signal stands on the prototype, as that of a request does. */
class ServerContext {
  readonly clock = new FakeClock();
  readonly logger = silentLogger;
  readonly ends = new AbortController();
  get signal(): AbortSignal {
    return this.ends.signal;
  }
}

const ada: UserInfo = { name: 'ada', groups: ['system:authenticated'] };
const nobody: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const call: Call = { cluster: 'lab', method: 'GET', headers: {}, door: 'graphql' };

let asked: Credentials[];
let found: UserInfo;
const access = {
  authenticate: (_: unknown, credentials: Credentials) => {
    asked.push(credentials);
    return found;
  },
};
const ctx = new ServerContext();

beforeEach(() => {
  asked = [];
  found = ada;
});

test('asks who it is in the cluster that is called', async () => {
  const certificate = { authorized: true, commonName: 'ada', organizations: [] };
  const caller = await callerContext(ctx, access, { ...call, peer: { address: '10.0.0.7', certificate } });
  expect(asked).toEqual([{ headers: {}, method: 'GET', cluster: 'lab', certificate }]);
  expect(caller).toMatchObject({ user: ada, cluster: 'lab', client: 'graphql', addresses: ['10.0.0.7'] });
  expect(caller.signal).toBe(ctx.signal);
});

test('asks nobody again who is known', async () => {
  const grace = { name: 'grace', groups: [] };
  expect((await callerContext(ctx, access, { ...call, user: grace })).user).toBe(grace);
  expect(asked).toEqual([]);
});

test('lets nobody in who has not said who they are', async () => {
  found = nobody;
  await expect(callerContext(ctx, access, call)).rejects.toMatchObject({ reason: 'Unauthorized' });
  await expect(callerContext(ctx, access, { ...call, user: nobody })).rejects.toMatchObject({ reason: 'Unauthorized' });
  expect((await callerContext(ctx, access, { ...call, byAnybody: true })).user).toBe(nobody);
});

test('knows the client and the request by their own names', async () => {
  const headers = { 'user-agent': 'kubectl/v1', 'audit-id': 'id-1' };
  const read = await callerContext(ctx, access, { ...call, headers });
  expect(read.client).toBe('kubectl/v1');
  expect(read).not.toHaveProperty('requestId');
  expect(await callerContext(ctx, access, { ...call, method: 'POST', headers })).toHaveProperty('requestId', 'id-1');
});
