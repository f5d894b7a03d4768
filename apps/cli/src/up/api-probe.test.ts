import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { createAuthority, issue, type KeyPair } from '../pki/authority.js';
import { freshDirectory } from '../testing/said.js';
import { ApiProbe } from './api-probe.js';

const directory = freshDirectory();
let authority: KeyPair;
let serving: KeyPair;
let admin: KeyPair;
let dir: DataDir;
let server: Server;
let answer: { status: number; body: string } | 'nothing' | 'broken';
let asked: string[];

beforeAll(async () => {
  const now = Date.now();
  authority = await createAuthority('test', now);
  serving = await issue(authority, { commonName: 'kube-apiserver', hosts: ['127.0.0.1'] }, now);
  admin = await issue(authority, { commonName: 'admin', organizations: ['system:masters'] }, now);
});

beforeEach(async () => {
  dir = layout(directory.path);
  mkdirSync(dir.pki);
  for (const [name, text] of [
    ['ca.crt', authority.certificate],
    ['admin.crt', admin.certificate],
    ['admin.key', admin.key],
  ] as const)
    writeFileSync(join(dir.pki, name), text);
  [answer, asked] = [{ status: 200, body: 'ok' }, []];
  const tls = { cert: serving.certificate, key: serving.key, ca: authority.certificate, requestCert: true };
  server = createServer(tls, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    asked.push(`${subject.CN} ${request.url}`);
    if (answer === 'nothing') return void request.socket.destroy();
    if (answer === 'broken')
      return void response.writeHead(200, { 'content-length': 100 }).write('half', () => request.socket.destroy());
    response.writeHead(answer.status).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => server.close());

const probe = () => new ApiProbe(dir, (server.address() as AddressInfo).port);

describe('a look at the API server', () => {
  test('asks as the administrator, and tells what was answered', async () => {
    expect(await probe().get('/readyz')).toEqual({ status: 200, body: 'ok' });
    answer = { status: 500, body: 'not ready' };
    expect(await probe().get('/readyz')).toEqual({ status: 500, body: 'not ready' });
    expect(asked).toEqual(['admin /readyz', 'admin /readyz']);
  });

  test.each<['nothing' | 'broken']>([['nothing'], ['broken']])('that gets %s is none', async (what) => {
    answer = what;
    expect(await probe().get('/readyz')).toBeUndefined();
  });

  test('at a server that is not there, or another one, is none', async () => {
    const { certificate, key } = await createAuthority('other', Date.now());
    const here = probe();
    server.setSecureContext({ cert: certificate, key });
    expect(await here.get('/readyz')).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    expect(await here.get('/readyz')).toBeUndefined();
  });

  test('at a list tells its items, or that it cannot be had', async () => {
    answer = { status: 200, body: '{"items":[1,2]}' };
    expect(await probe().list('/api/v1/pods')).toEqual([1, 2]);
    answer = { status: 403, body: '{}' };
    expect(await probe().list('/api/v1/pods')).toBeUndefined();
  });
});
