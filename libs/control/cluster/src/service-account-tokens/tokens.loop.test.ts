import { generateKeyPairSync } from 'node:crypto';
import type { Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { decodeJwt } from 'jose';
import { secret, serviceAccount } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { legacyTokenSigner } from './legacy-token.js';
import { tokensController } from './tokens.controller.js';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const ACCOUNT = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

let bench: LoopBench;
let secrets: Objects<Secret>;
let accounts: Objects<ServiceAccount>;
let ca: string;
beforeEach(async () => {
  ca = 'CA';
  const sign = legacyTokenSigner(key.toString(), 'main');
  bench = await LoopBench.start((_, deps) => [tokensController(deps, { sign, ca })]);
  secrets = bench.objects(refs.secrets);
  accounts = bench.objects(refs.serviceaccounts);
});

const robot = () => accounts.create(serviceAccount({ metadata: { name: 'robot' } }));
const ask = (name: string, more: Record<string, string> = {}, account = 'robot') => {
  const annotations = { [ACCOUNT]: account, ...more };
  const asking = secret({ metadata: { name, annotations }, data: undefined });
  return secrets.create({ ...asking, type: 'kubernetes.io/service-account-token' });
};
const textOf = (base64 = '') => Buffer.from(base64, 'base64').toString();

test('a Secret that asks gets a token of its account, the authority and its namespace', async () => {
  const { metadata } = await robot();
  await ask('token');
  await bench.drain();
  const filled = await secrets.get('token');
  expect(filled.metadata.annotations).toMatchObject({ [UID]: metadata.uid });
  expect([textOf(filled.data?.['ca.crt']), textOf(filled.data?.namespace)]).toEqual(['CA', 'default']);
  expect(decodeJwt(textOf(filled.data?.token))).toMatchObject({ sub: 'system:serviceaccount:default:robot' });
});

test('what was taken out is put back, and the token that is there stays', async () => {
  await robot();
  await ask('token');
  await bench.drain();
  const { data } = await secrets.get('token');
  await secrets.change('token', { data: { 'ca.crt': null, namespace: null } });
  await bench.drain();
  expect((await secrets.get('token')).data).toEqual(data);
  expect(await bench.drain()).toEqual([]);
});

test('a new authority reaches the Secrets there are', async () => {
  await robot();
  await ask('token');
  await bench.drain();
  ca = 'another';
  await bench.restart();
  await bench.drain();
  expect(textOf((await secrets.get('token')).data?.['ca.crt'])).toBe('another');
});

test('a Secret goes with its account, at once or because it came too late', async () => {
  await robot();
  await ask('token');
  await bench.drain();
  await accounts.delete('robot');
  await bench.drain();
  expect(await secrets.list()).toEqual([]);
  await ask('late');
  await bench.drain();
  expect(await secrets.list()).toEqual([]);
});

test('a Secret of an account of the same name that was another goes', async () => {
  await robot();
  await ask('theirs', { [UID]: 'of-another' });
  await bench.drain();
  expect(await secrets.find('theirs')).toBeUndefined();
});

test('an account that the cache does not know yet is asked for before anything is removed', async () => {
  bench.api.hold(/serviceaccounts\?.*watch=true/);
  await robot();
  await ask('token');
  await bench.drain();
  expect(Object.keys((await secrets.get('token')).data ?? {}).sort()).toEqual(['ca.crt', 'namespace', 'token']);
});

test('a Secret that was given new words meanwhile is not removed for the old', async () => {
  await ask('token', {}, 'nobody');
  bench.api.hold(/secrets\?.*watch=true/);
  await robot();
  await secrets.change('token', { metadata: { annotations: { [ACCOUNT]: 'robot' } } });
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect((await secrets.get('token')).data?.token).toBeDefined();
});

test('other Secrets are left alone', async () => {
  await secrets.create(secret({ metadata: { annotations: { [ACCOUNT]: 'nobody' } } }));
  expect(await bench.drain()).toEqual([]);
});
