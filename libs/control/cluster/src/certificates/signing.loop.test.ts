import { X509Certificate } from 'node:crypto';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestSpec,
} from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import type { JsonGeneralNames, JsonName } from '@peculiar/x509';
import { beforeEach, describe, expect, test } from 'vitest';
import { certificateAuthority } from './certificate-authority.js';
import { csrSigningController } from './signing.controller.js';
import { askedFor, signingRequest, testAuthority } from './testing/requests.js';

const HOUR = 3_600_000;
const CLIENT = ['client auth', 'digital signature'];
const signer = (name: string) => `kubernetes.io/${name}`;
let bench: LoopBench;
let requests: Objects<CertificateSigningRequest>;
beforeEach(async () => {
  const files = await testAuthority(Date.parse('2100-01-01T00:00:00Z'));
  const sign = await certificateAuthority({ ...files, longest: 24 * HOUR });
  bench = await LoopBench.start((_, deps) => [csrSigningController(deps, sign)]);
  requests = bench.objects(refs.certificatesigningrequests);
});

const subject = (organization: string, name: string): JsonName => [{ O: [organization] }, { CN: [name] }];
const ask = async (
  spec: Partial<CertificateSigningRequestSpec>,
  of = subject('devs', 'jane'),
  names: JsonGeneralNames = [],
) => {
  const request = await askedFor(of, names);
  await requests.create(
    signingRequest('r', { request, signerName: signer('kube-apiserver-client'), usages: CLIENT, ...spec }),
  );
};
const decide = (...types: string[]) => {
  const conditions = types.map((type) => ({ type, status: 'True', reason: 'Said', message: '' }));
  return requests.change('r', { status: { conditions } }, 'approval');
};
const certificate = async () => {
  const text = (await requests.get('r')).status?.certificate;
  return text === undefined ? undefined : new X509Certificate(Buffer.from(text, 'base64'));
};
const NODE = subject('system:nodes', 'system:node:a');

test('what was approved is signed, and nothing before', async () => {
  await ask({ expirationSeconds: 3_600 });
  await bench.drain();
  expect(await certificate()).toBeUndefined();
  await decide('Approved');
  await bench.drain();
  const signed = await certificate();
  expect(signed?.subject).toBe('O=devs\nCN=jane');
  const [from, to] = [signed?.validFrom, signed?.validTo].map((time) => Date.parse(time ?? ''));
  expect((to ?? 0) - (from ?? 0)).toBe(HOUR + 300_000);
  expect(await bench.drain()).toEqual([]);
});

test.each([
  ['kube-apiserver-client-kubelet', CLIENT, []],
  ['kubelet-serving', ['server auth', 'digital signature', 'key encipherment'], [{ type: 'dns', value: 'a.example' }]],
] as const)('%s signs what kubelets ask for', async (name, usages, names) => {
  await ask({ signerName: signer(name), usages: [...usages] }, NODE, [...names]);
  await decide('Approved');
  await bench.drain();
  expect((await certificate())?.subject).toBe('O=system:nodes\nCN=system:node:a');
});

describe('is refused for good', () => {
  test.each([
    ['a usage too many', { usages: [...CLIENT, 'server auth'] }, 'invalid usage for client certificate: server auth'],
    [
      'a usage too few',
      { usages: ['digital signature'] },
      'missing required usage for client certificate: client auth',
    ],
    ['no kubelet', { signerName: signer('kube-apiserver-client-kubelet') }, 'subject organization is not system:nodes'],
    ['no server', { signerName: signer('kubelet-serving') }, 'subject organization is not system:nodes'],
  ])('%s', async (_, spec, message) => {
    await ask(spec);
    await decide('Approved');
    await bench.drain();
    const { conditions, certificate: none } = (await requests.get('r')).status ?? {};
    expect(conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      status: 'True',
      reason: 'SignerValidationFailure',
      message,
    });
    expect(none).toBeUndefined();
    expect(await bench.drain()).toEqual([]);
  });
});

test('other signers’ requests and denied ones are left alone', async () => {
  await ask({ signerName: 'example.com/signer' });
  await decide('Approved');
  await bench.drain();
  expect((await requests.get('r')).status?.conditions).toHaveLength(1);
  await requests.delete('r');
  await ask({});
  await decide('Denied');
  await bench.drain();
  expect(await certificate()).toBeUndefined();
});

test('one that is signed with another’s key is not tried again and again', async () => {
  const request = Buffer.from(await askedFor(subject('devs', 'jane')), 'base64').toString();
  const der = Buffer.from(request.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  await ask({
    request: btoa(`-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`),
  });
  await decide('Approved');
  const turns = await bench.advance(HOUR);
  expect(turns.filter(({ error }) => error)).toHaveLength(1);
  expect(await certificate()).toBeUndefined();
});
