import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLAIM_FINALIZER } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim, ResourceClaimTemplate } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { allocatedOn, pod, resourceClaim, resourceClaimTemplate } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { podClaimsController } from './pod-claims.controller.js';
import { resourceClaimsController } from './resource-claims.controller.js';

let bench: LoopBench;
let claims: Objects<ResourceClaim>;
let templates: Objects<ResourceClaimTemplate>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [podClaimsController(ctx, deps), resourceClaimsController(deps)]);
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

test('a claim that was made for a Pod goes when that has ended, with the devices it had', async () => {
  await templates.create(resourceClaimTemplate());
  await add(fromTemplate);
  await bench.drain();
  const [claim] = await claims.list();
  await allocate(claim?.metadata.name ?? '', 'p');
  await bench.kubelet.run();
  await bench.drain();
  expect(await claims.list()).toHaveLength(1);
  await bench.kubelet.finish('Succeeded');
  await bench.drain();
  expect(await claims.list()).toEqual([]);
});

test('a claim that Pods share keeps its devices until the last of them has gone', async () => {
  await claims.create(resourceClaim());
  await add(named, 'a');
  await add(named, 'b');
  await allocate('gpu', 'a', 'b');
  await bench.kubelet.run();
  await bench.drain();
  await pods.delete('a', { gracePeriodSeconds: 0 });
  await bench.drain();
  expect((await claims.get('gpu')).status).toMatchObject({ allocation: {}, reservedFor: [{ name: 'b' }] });
  await pods.delete('b', { gracePeriodSeconds: 0 });
  await bench.drain();
  const { status, metadata } = await claims.get('gpu');
  expect([status ?? {}, metadata.finalizers]).toEqual([{}, undefined]);
});

test('a claim that is deleted while it is used stays until it is not', async () => {
  await claims.create(resourceClaim());
  await add(named);
  await allocate('gpu', 'p');
  await bench.kubelet.run();
  await claims.delete('gpu');
  await bench.drain();
  expect((await claims.get('gpu')).metadata.deletionTimestamp).toBeDefined();
  await pods.delete('p', { gracePeriodSeconds: 0 });
  await bench.drain();
  expect(await claims.find('gpu')).toBeUndefined();
});

test('a Pod that a copy does not show yet keeps its claim: the server is asked', async () => {
  await claims.create(resourceClaim());
  await bench.drain();
  bench.api.hold(/\/pods\?.*watch=true/);
  await add(named);
  await allocate('gpu', 'p');
  await bench.drain();
  expect((await claims.get('gpu')).status?.reservedFor).toHaveLength(1);
});
