import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { csrApprovingController } from './approving.controller.js';
import { askedFor, signingRequest } from './testing/requests.js';

type Identity = NonNullable<Parameters<LoopBench['api']['client']>[0]>;

const MASTER: Identity = { commonName: 'installer', organizations: ['system:masters'] };
const USAGES = ['client auth', 'digital signature'];
let bench: LoopBench;
let requests: Objects<CertificateSigningRequest>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [csrApprovingController(deps)]);
  requests = bench.objects(refs.certificatesigningrequests);
});

const ask = async (name: string, as: Identity = MASTER, signerName = 'kubernetes.io/kube-apiserver-client-kubelet') => {
  const request = await askedFor([{ O: ['system:nodes'] }, { CN: [name] }]);
  const object = signingRequest('r', { request, signerName, usages: USAGES });
  await bench.api
    .client(as)
    .resource<CertificateSigningRequest>(refs.certificatesigningrequests)
    .create(bench.ctx, object);
};
const conditions = async () => (await requests.get('r')).status?.conditions;

test('a kubelet’s request is approved where who asks may', async () => {
  await ask('system:node:a');
  await bench.drain();
  const message = 'Auto approving kubelet client certificate after SubjectAccessReview.';
  expect(await conditions()).toMatchObject([{ type: 'Approved', status: 'True', reason: 'AutoApproved', message }]);
  expect(await bench.drain()).toEqual([]);
});

test('a kubelet renews what it has', async () => {
  await ask('system:node:a', { commonName: 'system:node:a', organizations: ['system:nodes'] });
  await bench.drain();
  const message = 'Auto approving self kubelet client certificate after SubjectAccessReview.';
  expect(await conditions()).toMatchObject([{ type: 'Approved', reason: 'AutoApproved', message }]);
});

test('a kubelet gets no certificate of another, and is asked about again later', async () => {
  await ask('system:node:b', { commonName: 'system:node:a', organizations: ['system:nodes'] });
  const turns = await bench.advance(1_000);
  expect(turns.length).toBeGreaterThan(1);
  expect(turns.every(({ error }) => error)).toBe(true);
  expect(await conditions()).toBeUndefined();
});

test('for other signers somebody has to decide', async () => {
  await ask('system:node:a', MASTER, 'kubernetes.io/kube-apiserver-client');
  expect((await bench.drain()).filter(({ error }) => error)).toEqual([]);
  expect(await conditions()).toBeUndefined();
});

test('what was denied meanwhile stays denied', async () => {
  bench.api.hold(/certificatesigningrequests\?.*watch=true/);
  await ask('system:node:a');
  bench.api.hold(undefined);
  await bench.api.activity.settled();
  bench.api.hold(/certificatesigningrequests\?.*watch=true/);
  await requests.change(
    'r',
    { status: { conditions: [{ type: 'Denied', status: 'True', reason: 'No' }] } },
    'approval',
  );
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await conditions()).toMatchObject([{ type: 'Denied' }]);
});
