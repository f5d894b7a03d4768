import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { type KubeClient, TransportError } from '@binnacle/client-rest';
import { newAlreadyExists, newForbidden, newNotFound } from '@binnacle/machinery-meta';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeContext } from '../testing/fakes.js';
import { clientCertificate } from './asked-certificate.js';
import { CertificateManager } from './certificate-manager.js';
import { type KeyPair, lifetimeOf, newKey } from './key-pair.js';
import { PairStore } from './pair-store.js';

type Request = CertificateSigningRequest;

const CSRS = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' };
const HOUR = 3_600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
let ctx = fakeContext();
let abort: AbortController;
let directory: string;
let requests: Map<string, Request>;
let refusals: Error[];
let decide: (request: Request) => Promise<Request['status']>;
let changed: KeyPair[];

/** Signs what is asked for, for an hour from now on, for the key that asks or another. */
async function signed({ spec }: Request, key?: string, behind = 0): Promise<Request['status']> {
  const asked = new x509.Pkcs10CertificateRequest(Buffer.from(spec.request, 'base64').toString());
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = ctx.clock.now() - behind;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: asked.subject,
    issuer: 'CN=authority',
    notBefore: new Date(now),
    notAfter: new Date(now + HOUR),
    signingAlgorithm: ALGORITHM,
    signingKey: keys.privateKey,
    publicKey: key ? keys.publicKey : asked.publicKey,
  });
  return { certificate: Buffer.from(`${certificate.toString('pem')}\n`).toString('base64') };
}

/** An API of which a watch ends at once, after what was decided. */
const api = {
  create: async (_: unknown, request: Request) => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    const { name } = request.metadata;
    if (requests.has(name ?? '')) throw newAlreadyExists(CSRS, name ?? '');
    requests.set(name ?? '', request);
    return request;
  },
  get: async (_: unknown, { name }: { name: string }) => {
    const request = requests.get(name);
    if (!request) throw newNotFound(CSRS, name);
    return request;
  },
  async *watch(_: unknown, { fieldSelector = '' }) {
    const name = fieldSelector.replace('metadata.name=', '');
    const request = requests.get(name) as Request;
    const status = await decide(request);
    const next = { ...request, ...(status && { status }) };
    requests.set(name, next);
    yield { type: 'MODIFIED', object: next };
  },
};
const client = { resource: () => api } as unknown as KubeClient;

beforeEach(() => {
  ctx = fakeContext();
  // Whole seconds, as certificates say them.
  ctx.clock.stepTo(1_800_000_000_000);
  abort = new AbortController();
  directory = mkdtempSync(join(tmpdir(), 'manager-'));
  [requests, refusals, changed] = [new Map(), [], []];
  decide = (request) => signed(request);
});
afterEach(() => {
  abort.abort(new Error('over'));
  rmSync(directory, { recursive: true, force: true });
});

const storeOf = () => new PairStore(directory, 'kubelet-client');
const manager = () =>
  new CertificateManager({
    asked: clientCertificate('a'),
    store: storeOf(),
    client: () => client,
    changed: (pair) => changed.push(pair),
    random: () => 0.5,
  });
const own = () => ({ ...ctx, signal: abort.signal });
/** Steps from timer to timer until it is so: a manager has one only while it sleeps. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    abort.signal.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
    if (ctx.clock.nextAt !== undefined) ctx.clock.stepTo(ctx.clock.nextAt);
  }
}

test('what is given is kept, and found by the next', async () => {
  const pair = await manager().first(own());
  expect(storeOf().current()).toEqual(pair);
  expect(await manager().first(own())).toEqual(pair);
  expect([requests.size, changed.length]).toEqual([1, 1]);
});

test('is renewed with another key at its time, and not before', async () => {
  void manager().run(own());
  await until(() => changed.length === 1);
  const [first] = changed as [KeyPair];
  await until(() => changed.length === 2);
  const [, second] = changed as [KeyPair, KeyPair];
  const { notBefore } = lifetimeOf(first.certificate);
  expect(lifetimeOf(second.certificate).notBefore - notBefore).toBe(0.8 * HOUR);
  expect(second.key).not.toBe(first.key);
  expect(storeOf().current()).toEqual(second);
});

test('where what is given is due at once, it is asked for once a minute', async () => {
  decide = (request) => signed(request, undefined, 0.95 * HOUR);
  const times: number[] = [];
  const { clock } = ctx;
  void new CertificateManager({
    asked: clientCertificate('a'),
    store: storeOf(),
    client: () => client,
    changed: () => times.push(clock.now()),
  }).run(own());
  await until(() => times.length === 3);
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 60_000, 120_000]);
});

test('one that has ended is asked for anew at once', async () => {
  const first = await manager().first(own());
  ctx.clock.step(HOUR);
  expect(await manager().first(own())).not.toEqual(first);
});

test('one that is begun anew waits for what it asked for', async () => {
  decide = async () => undefined;
  const before = new AbortController();
  const waiting = manager().first({ ...ctx, signal: before.signal });
  const ended = expect(waiting).rejects.toThrow('killed');
  await until(() => requests.size === 1);
  before.abort(new Error('killed'));
  await ended;
  decide = (request) => signed(request);
  void manager().first(own());
  await until(() => changed.length === 1);
  expect(requests.size).toBe(1);
});

test('an API that cannot be reached, or does not let it ask yet, is asked again for the same key', async () => {
  refusals = [new TransportError('refused'), newForbidden(CSRS, '', 'no')];
  void manager().first(own());
  await until(() => changed.length === 1);
  expect(requests.size).toBe(1);
});

test.each<[string, (request: Request) => Promise<Request['status']>]>([
  ['denied', async () => ({ conditions: [{ type: 'Denied', status: 'True' }] })],
  ['failed', async () => ({ conditions: [{ type: 'Failed', status: 'True' }] })],
  ['signed for another key', (request) => signed(request, newKey())],
  ['no certificate', async () => ({ certificate: Buffer.from('nothing').toString('base64') })],
  ['too long', async () => ({ certificate: 'A'.repeat(100_000) })],
])('what is %s is asked for anew with another key, and nothing of it kept', async (_, refuse) => {
  const times: number[] = [];
  decide = (request) => (times.push(ctx.clock.now()) > 1 ? signed(request) : refuse(request));
  void manager().first(own());
  await until(() => changed.length === 1);
  expect(requests.size).toBe(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(2000);
});
