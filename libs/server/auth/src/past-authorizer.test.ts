import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import type { AuthorizationAttributes } from './authorizer.js';
import { PastAuthorizer } from './past-authorizer.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const user = { name: 'alice', groups: [] };
const asked: AuthorizationAttributes[] = [];
const authorizer = new PastAuthorizer({
  authorize: (_, attributes) => {
    asked.push(attributes);
    return { allowed: true, reason: '' };
  },
});

const of = (group: string, resource: string, subresource = '') => {
  return { group, version: 'v1', resource, subresource, namespace: 'default', name: 'a' };
};
const decide = (cluster: string, verb: string, resource = of('', 'pods')) =>
  authorizer.authorize(ctx, { user, cluster, verb, resource });

describe('the past', () => {
  it('may be read by whoever may read the present', async () => {
    for (const verb of ['get', 'list', 'watch']) {
      expect(await decide('main@42', verb)).toEqual({ allowed: true, reason: '' });
      expect(asked.at(-1)).toMatchObject({ cluster: 'main', verb, user });
    }
    expect(await decide('main@42', 'get', of('apps', 'deployments', 'scale'))).toMatchObject({ allowed: true });
    expect(await authorizer.authorize(ctx, { user, cluster: 'main@42', verb: 'get', path: '/api' })).toMatchObject({
      allowed: true,
    });
  });

  it.each(['create', 'update', 'patch', 'delete', 'deletecollection', 'impersonate'])('takes no %s', async (verb) => {
    expect(await decide('main@42', verb)).toEqual({ allowed: false, reason: 'the past is read only' });
    expect(await decide('main', verb)).toMatchObject({ allowed: true });
  });

  it.each(['log', 'exec', 'attach', 'portforward', 'proxy', 'token', 'eviction', 'binding'])(
    'has no %s',
    async (subresource) => {
      const reason = `nothing runs in the past: it has no ${subresource}`;
      expect(await decide('main@42', 'get', of('', 'pods', subresource))).toEqual({ allowed: false, reason });
      expect(await decide('main@42', 'create', of('', 'pods', subresource))).toEqual({ allowed: false, reason });
    },
  );

  it('can be asked who one is and what one may do', async () => {
    const review = of('authorization.k8s.io', 'selfsubjectaccessreviews');
    expect(await decide('main@42', 'create', review)).toMatchObject({ allowed: true });
  });

  it('is nothing for nodes', async () => {
    const node = { name: 'system:node:worker-1', groups: ['system:nodes'] };
    const reading = { user: node, verb: 'get', resource: of('', 'pods') };
    expect(await authorizer.authorize(ctx, { ...reading, cluster: 'main@42' })).toMatchObject({ allowed: false });
    expect(await authorizer.authorize(ctx, { ...reading, cluster: 'main' })).toMatchObject({ allowed: true });
  });

  it('takes nothing on other paths either', async () => {
    const posted = { user, cluster: 'main@42', verb: 'post', path: '/auth/login' };
    expect(await authorizer.authorize(ctx, posted)).toMatchObject({ allowed: false });
  });
});
