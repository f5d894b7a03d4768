import type { Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { node, persistentVolumeClaim, storageClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { claimBinderController } from '../persistent-volumes/claim-binder.controller.js';
import { volumeBinderController } from '../persistent-volumes/volume-binder.controller.js';
import { provisionerController } from './provisioner.controller.js';
import { HOSTPATH_PROVISIONER, SIMULATED_PROVISIONER } from './provisioners.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let volumes: Objects<PersistentVolume>;
let nodes: Objects<Node>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    claimBinderController(ctx, deps),
    volumeBinderController(ctx, deps),
    provisionerController(ctx, deps),
  ]);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
  nodes = bench.objects(refs.nodes);
  const classes = bench.objects<StorageClass>(refs.storageclasses);
  await classes.create(storageClass({ metadata: { name: 'shared' }, provisioner: SIMULATED_PROVISIONER }));
  const waits = { provisioner: HOSTPATH_PROVISIONER, volumeBindingMode: 'WaitForFirstConsumer' };
  await classes.create(storageClass({ metadata: { name: 'local' }, ...waits }));
});

const claim = (storageClassName: string) => claims.create(persistentVolumeClaim({ spec: { storageClassName } }));
const select = (name: string) =>
  claims.change('data', { metadata: { annotations: { 'volume.kubernetes.io/selected-node': name } } });
const told = async () =>
  (await bench.events()).map((event) => event.split(':')[0]?.replace('PersistentVolumeClaim/data ', ''));

test('a claim gets a volume of its own, and is bound to it', async () => {
  const { uid } = (await claim('shared')).metadata;
  await bench.drain();
  expect(await claims.get('data')).toMatchObject({ spec: { volumeName: `pvc-${uid}` }, status: { phase: 'Bound' } });
  expect((await volumes.get(`pvc-${uid}`)).status?.phase).toBe('Bound');
  expect(await told()).toEqual(['ExternalProvisioning', 'Provisioning', 'ProvisioningSucceeded']);
});

test('after an answer that was lost there is one volume, not two', async () => {
  bench.api.loseAnswers(({ method, path }) => method === 'POST' && path.endsWith('/persistentvolumes'));
  await claim('shared');
  await bench.drain();
  bench.api.loseAnswers(undefined);
  await bench.advance(10_000);
  expect(await volumes.list()).toHaveLength(1);
  expect((await claims.get('data')).status?.phase).toBe('Bound');
});

test('one that waits gets it on the node that was chosen', async () => {
  await nodes.create(node({ metadata: { name: 'a', labels: { 'kubernetes.io/hostname': 'a' } } }));
  await claim('local');
  await bench.drain();
  expect(await volumes.list()).toEqual([]);
  await select('a');
  await bench.drain();
  const [made] = await volumes.list();
  expect(made?.spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions).toMatchObject([{ values: ['a'] }]);
  expect((await claims.get('data')).status?.phase).toBe('Bound');
});

test('whose node is gone is to be given another', async () => {
  await claim('local');
  await bench.drain();
  await select('gone');
  await bench.drain();
  const { annotations } = (await claims.get('data')).metadata;
  expect(annotations).not.toHaveProperty(['volume.kubernetes.io/selected-node']);
  expect(await told()).toContain('ProvisioningFailed');
});

test('what cannot be made is told of, and made when it can be', async () => {
  bench.api.befall(({ method, path }) =>
    method === 'POST' && path.endsWith('/persistentvolumes') ? new StatusError(403, 'Forbidden', 'not now') : undefined,
  );
  await claim('shared');
  await bench.drain();
  expect(await bench.events()).toContain(
    'PersistentVolumeClaim/data ProvisioningFailed: failed to provision volume with StorageClass "shared": not now',
  );
  bench.api.befall(() => undefined);
  await bench.advance(5_000);
  expect((await claims.get('data')).status?.phase).toBe('Bound');
});
