import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, test } from 'vitest';
import { RuleAuthorizer } from './rule-authorizer.js';
import type { UserInfo } from './user-info.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const authorizer = new RuleAuthorizer();
const user = (name: string, ...groups: string[]): UserInfo => ({ name, groups: [...groups, 'system:authenticated'] });

async function may(who: UserInfo, verb: string, target: string, place: { namespace?: string; name?: string } = {}) {
  const [group = '', whole = ''] = target.includes(':') ? target.split(':') : ['', target];
  const [resource = '', subresource = ''] = whole.split('/');
  const attributes = { group, version: 'v1', resource, subresource, namespace: '', name: '', ...place };
  return (await authorizer.authorize(ctx, { user: who, cluster: 'main', verb, resource: attributes })).allowed;
}

describe('the table of rules', () => {
  test('lets administrators do everything', async () => {
    expect(await may(user('a', 'system:masters'), 'delete', 'secrets')).toBe(true);
  });

  test.each([
    ['system:kube-scheduler', 'create', 'pods/binding', true],
    ['system:kube-scheduler', 'update', 'pods/status', true],
    ['system:kube-scheduler', 'get', 'secrets', false],
    ['system:kube-scheduler', 'create', 'pods', false],
    ['system:kube-controller-manager', 'update', 'apps:deployments/scale', true],
    ['system:kube-controller-manager', 'create', 'apps:replicasets', true],
    ['system:kube-controller-manager', 'create', 'apps:deployments', false],
    ['system:kube-controller-manager', 'approve', 'certificates.k8s.io:signers', false],
    ['system:kube-proxy', 'watch', 'discovery.k8s.io:endpointslices', true],
    ['system:kube-proxy', 'list', 'pods', false],
  ])('says of %s: %s %s is %s', async (name, verb, target, expected) => {
    expect(await may(user(name), verb, target)).toBe(expected);
  });

  test('lets a component hold its own lease only', async () => {
    const scheduler = user('system:kube-scheduler');
    const lease = (name: string, namespace = 'kube-system') =>
      may(scheduler, 'update', 'coordination.k8s.io:leases', { namespace, name });
    expect([await lease('kube-scheduler'), await lease('other'), await lease('kube-scheduler', 'default')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('leaves nodes to their own authorizer, and viewers and editors do no more than their names say', async () => {
    expect(await may(user('system:node:a', 'system:nodes'), 'patch', 'nodes/status')).toBe(false);
    expect(await may(user('v', 'binnacle:viewers'), 'list', 'secrets')).toBe(false);
    expect(await may(user('v', 'binnacle:viewers'), 'list', 'apps:deployments')).toBe(true);
    expect(await may(user('e', 'binnacle:editors'), 'patch', 'apps:deployments/scale')).toBe(true);
    expect(await may(user('e', 'binnacle:editors'), 'delete', 'nodes')).toBe(false);
  });

  test('shows everybody who proved who they are what there is to see', async () => {
    const path = async (who: UserInfo, at: string) =>
      (await authorizer.authorize(ctx, { user: who, cluster: 'main', verb: 'get', path: at })).allowed;
    const nobody = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
    expect([await path(user('a'), '/apis/apps/v1'), await path(user('a'), '/openapi/v3')]).toEqual([true, true]);
    expect([await path(nobody, '/apis'), await path(nobody, '/readyz'), await path(nobody, '/metrics')]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
