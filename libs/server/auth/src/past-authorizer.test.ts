import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import type { AuthorizationAttributes } from './authorizer.js';
import { PastAuthorizer } from './past-authorizer.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const user = { name: 'alice', groups: [] };
const asked: AuthorizationAttributes[] = [];
const yes = (attributes: AuthorizationAttributes) => {
  asked.push(attributes);
  return { allowed: true, reason: '' };
};
const authorizer = new PastAuthorizer({ authorize: (_, attributes) => yes(attributes) }, async () => true);

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

describe('a namespace that had another before it', () => {
  /** Rights in `default` and `other`, of which the second is as it was. */
  const limited = (everywhere: boolean) =>
    new PastAuthorizer(
      {
        authorize: (_, { verb, resource }) => {
          if (verb === 'list' && resource?.namespace === '' && !everywhere)
            return { allowed: false, reason: 'some', namespaces: new Set(['default', 'other']) };
          return { allowed: everywhere || resource?.namespace === 'default', reason: 'by a role' };
        },
      },
      async (_, cluster, namespace) => cluster !== 'main@42' || namespace === 'other',
    );
  const pods = (namespace: string) => ({ ...of('', 'pods'), namespace });
  const get = { user, verb: 'get', resource: pods('default') };

  it('is not what rights in this one are about', async () => {
    const refused = { allowed: false, reason: 'the namespace default was another then' };
    expect(await limited(false).authorize(ctx, { ...get, cluster: 'main@42' })).toEqual(refused);
    expect(await limited(false).authorize(ctx, { ...get, cluster: 'main@43' })).toMatchObject({ allowed: true });
    expect(await limited(false).authorize(ctx, { ...get, cluster: 'main' })).toMatchObject({ allowed: true });
  });

  it('is read by who may read all', async () => {
    expect(await limited(true).authorize(ctx, { ...get, cluster: 'main@42' })).toMatchObject({ allowed: true });
  });

  it('is left out of lists across namespaces', async () => {
    const list = { user, verb: 'list', resource: { ...pods(''), name: '' }, cluster: 'main@42' };
    const { allowed, namespaces } = await limited(false).authorize(ctx, list);
    expect([allowed, [...(namespaces ?? [])]]).toEqual([false, ['other']]);
  });
});
