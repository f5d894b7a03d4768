import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLAIM_FINALIZER } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim, ResourceClaimTemplate } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { allocatedOn, pod, resourceClaim, resourceClaimTemplate } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { podClaimsController } from './pod-claims.controller.js';

let bench: LoopBench;
let claims: Objects<ResourceClaim>;
let templates: Objects<ResourceClaimTemplate>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [podClaimsController(ctx, deps)]);
  claims = bench.objects(refs.resourceclaims);
  templates = bench.objects(refs.resourceclaimtemplates);
  pods = bench.objects(refs.pods);
});

const fromTemplate = [{ name: 'c', resourceClaimTemplateName: 'gpu' }];
const named = [{ name: 'c', resourceClaimName: 'gpu' }];
const add = (resourceClaims: object[], name = 'p') =>
  pods.create(pod({ metadata: { name }, spec: { resourceClaims: resourceClaims as never } }));
/** What a scheduler would write. */
async function allocate(name: string, ...users: string[]): Promise<void> {
  await claims.change(name, { metadata: { finalizers: [CLAIM_FINALIZER] } });
  const consumers = await Promise.all(users.map((user) => pods.get(user)));
  await claims.change(name, { status: allocatedOn('node-1', ['gpu-0'], consumers) }, 'status');
}

test('a Pod’s claim is made once, told of, and made again where it is lost', async () => {
  await templates.create(resourceClaimTemplate());
  const { uid } = (await add(fromTemplate)).metadata;
  await bench.drain();
  await bench.restart();
  await bench.drain();
  const [claim] = await claims.list();
  expect(claim?.metadata).toMatchObject({ name: expect.stringMatching(/^p-c-.{5}$/), ownerReferences: [{ uid }] });
  expect((await pods.get('p')).status?.resourceClaimStatuses).toEqual([
    { name: 'c', resourceClaimName: claim?.metadata.name },
  ]);
  await claims.delete(claim?.metadata.name ?? '');
  await bench.drain();
  const [again] = await claims.list();
  expect((await pods.get('p')).status?.resourceClaimStatuses).toEqual([
    { name: 'c', resourceClaimName: again?.metadata.name },
  ]);
});

test('a Pod waits for its template, and is told so', async () => {
  await add(fromTemplate);
  await bench.drain();
  expect(await bench.events()).toEqual([
    'Pod/p FailedResourceClaimCreation: PodResourceClaim c: resource claim template "gpu": ' +
      'resourceclaimtemplate.resource.k8s.io "gpu" not found',
  ]);
  await templates.create(resourceClaimTemplate());
  await bench.drain();
  expect(await claims.list()).toHaveLength(1);
});

test('a Pod that was put on a node by hand is given the claims it uses', async () => {
  await claims.create(resourceClaim());
  await add(named, 'a');
  await allocate('gpu', 'a');
  await add(named, 'b');
  await bench.kubelet.run();
  await bench.drain();
  const { reservedFor = [] } = (await claims.get('gpu')).status ?? {};
  expect(reservedFor.map(({ name }) => name).sort()).toEqual(['a', 'b']);
});
