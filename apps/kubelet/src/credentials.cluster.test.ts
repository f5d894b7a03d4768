import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** What somebody can do who stole a kubelet's credentials. */
const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
let server: TestApiServer;
let thief: KubeClient;
let pod: Pod;

const volumes = [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } }];
const containers = [{ name: 'c', image: 'i', envFrom: [{ secretRef: { name: 'own' } }] }];

async function created(plural: keyof typeof refs, object: object): Promise<KubeObject> {
  return await server.client.resource<KubeObject>(refs[plural]).create(ctx, object as KubeObject);
}
const podOn = (name: string, nodeName: string) =>
  created('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName, serviceAccountName: 'runner', containers, volumes },
  });

beforeAll(async () => {
  server = await startTestApiServer();
  for (const name of ['n1', 'n2']) await created('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  for (const name of ['own', 'foreign'])
    await created('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' } });
  for (const name of ['runner', 'other'])
    await created('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'default' },
    });
  pod = (await podOn('mine', 'n1')) as Pod;
  await podOn('theirs', 'n2');
  thief = createKubeClient(await server.configFor('system:node:n1', ['system:nodes']));
});
afterAll(() => server.close());

const at = (name: string) => ({ namespace: 'default', name });
const FORBIDDEN = (what: string) => expect.objectContaining({ message: expect.stringContaining(what) });

describe("a kubelet's credentials", () => {
  test('read the Secrets of its own Pods, by name', async () => {
    const secrets = thief.resource(refs.secrets);
    expect((await secrets.get(ctx, at('own'))).metadata.name).toBe('own');
    await expect(secrets.get(ctx, at('foreign'))).rejects.toThrow(
      'secrets "foreign" is forbidden: User "system:node:n1" cannot get resource "secrets" in API group "" ' +
        `in the namespace "default": no relationship found between node 'n1' and this object`,
    );
    await expect(secrets.list(ctx)).rejects.toEqual(FORBIDDEN('can only read namespaced object of this type'));
  });

  test('list its own Pods only', async () => {
    const pods = thief.resource<Pod>(refs.pods);
    const { items } = await pods.list(ctx, { fieldSelector: 'spec.nodeName=n1' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['mine']);
    const selected = FORBIDDEN('can only list/watch pods with spec.nodeName field selector');
    for (const fieldSelector of ['', 'spec.nodeName=n2', 'spec.nodeName!=n2'])
      await expect(pods.list(ctx, { fieldSelector })).rejects.toEqual(selected);
  });

  test('neither label, delete nor taint another node, nor delete its Pods', async () => {
    const nodes = thief.resource(refs.nodes);
    const patch = { metadata: { labels: { stolen: 'yes' } } };
    const refused = FORBIDDEN('node "n1" is not allowed to modify node "n2"');
    await expect(nodes.patch(ctx, { name: 'n2' }, 'merge', patch)).rejects.toEqual(refused);
    for (const name of ['n1', 'n2'])
      await expect(nodes.delete(ctx, { name })).rejects.toEqual(FORBIDDEN('cannot delete'));
    await expect(thief.resource(refs.pods).delete(ctx, at('theirs'))).rejects.toEqual(
      FORBIDDEN('node "n1" can only delete pods with spec.nodeName set to itself'),
    );
  });
});

const bound = (name: string, uid?: string) => ({ apiVersion: 'v1', kind: 'Pod', name, ...(uid && { uid }) });

/** In the order of upstream's admission_test.go. */
describe('a token', () => {
  const ask = (spec: object, account = 'runner') =>
    thief.resource(refs.serviceaccounts).createSubresource(ctx, at(account), 'token', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec,
    } as never) as unknown as Promise<TokenRequest>;

  test.each<[string, () => object, string]>([
    ['unbound', () => ({}), 'node requested token not bound to a pod'],
    ['of a Pod that is not there', () => ({ boundObjectRef: bound('none', 'u') }), 'pods "none" not found'],
    [
      'without a uid',
      () => ({ boundObjectRef: bound('mine') }),
      'node requested token with a pod binding without a uid',
    ],
    [
      'of another uid',
      () => ({ boundObjectRef: bound('mine', 'u') }),
      'the UID in the bound object reference (u) does not match the UID in record',
    ],
    [
      'for two audiences',
      () => ({ boundObjectRef: bound('mine', pod.metadata.uid), audiences: ['vault', 'b'] }),
      'node may only request 0 or 1 audiences',
    ],
    [
      'for an audience the Pod does not ask for',
      () => ({ boundObjectRef: bound('mine', pod.metadata.uid), audiences: ['bank'] }),
      'audience "bank" not found in pod spec volume, system:node:n1 is not authorized',
    ],
  ])('%s is refused', async (_, spec, why) => {
    await expect(ask(spec())).rejects.toEqual(FORBIDDEN(why));
  });

  test('of a Pod on another node is refused', async () => {
    const { uid } = (await server.client.resource(refs.pods).get(ctx, at('theirs'))).metadata;
    const refused = FORBIDDEN('node requested token bound to a pod scheduled on a different node');
    await expect(ask({ boundObjectRef: bound('theirs', uid), audiences: ['vault'] })).rejects.toEqual(refused);
  });

  test('of another account is refused', async () => {
    const unrelated = FORBIDDEN("no relationship found between node 'n1' and this object");
    await expect(ask({ boundObjectRef: bound('mine', pod.metadata.uid) }, 'other')).rejects.toEqual(unrelated);
  });

  test('that the Pod asks for is given', async () => {
    const { status } = await ask({ boundObjectRef: bound('mine', pod.metadata.uid), audiences: ['vault'] });
    expect(status?.token).toMatch(/^ey/);
  });
});
