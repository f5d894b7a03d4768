import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { silentLogger } from '@binnacle/machinery-context';
import { TestAuthority } from '@binnacle/testing-cluster/authority';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ApiProxy } from './api-proxy.js';

type Config = ConstructorParameters<typeof ApiProxy>[0];

const open: (Server | ApiProxy)[] = [];
const portOf = (server: Server) => (server.address() as AddressInfo).port;
async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return portOf(server);
}
/** A front door before an API server; answers its address. */
async function doorTo(config: Config): Promise<string> {
  const proxy = new ApiProxy(config, silentLogger);
  open.push(proxy);
  const door = createHttp((request, response) => proxy.request(request, response));
  door.on('upgrade', (request, socket: Socket, head) => proxy.upgrade(request, socket, head));
  return `http://127.0.0.1:${await listening(door)}`;
}
afterEach(() => {
  for (const each of open.splice(0)) {
    each.close();
    if ('closeAllConnections' in each) each.closeAllConnections();
  }
});
const plain = async (serve: RequestListener) =>
  doorTo({ server: `http://127.0.0.1:${await listening(createHttp(serve))}` });

describe('what is handed on', () => {
  const seen = async (headers: Record<string, string>): Promise<IncomingMessage['headers']> => {
    const base = await plain((request, response) => response.end(JSON.stringify(request.headers)));
    return (await (await fetch(`${base}/api`, { headers })).json()) as IncomingMessage['headers'];
  };

  test('says where it came from after what it says itself, so that the last word is ours', async () => {
    expect((await seen({}))['x-forwarded-for']).toMatch(/127\.0\.0\.1$/);
    const said = (await seen({ 'x-forwarded-for': '10.9.9.9' }))['x-forwarded-for'];
    expect(String(said).split(/,\s*/)[0]).toBe('10.9.9.9');
    expect(String(said).split(/,\s*/).at(-1)).toMatch(/127\.0\.0\.1$/);
  });

  test('says which host it was asked for, whatever it claims', async () => {
    const { host, 'x-forwarded-host': forwarded } = await seen({ 'x-forwarded-host': 'elsewhere.example' });
    expect(forwarded).toBe(host);
  });

  test('is given no identity of ours', async () => {
    const headers = await seen({ cookie: 'binnacle_session=a', authorization: 'Bearer t' });
    expect(headers).toMatchObject({ cookie: 'binnacle_session=a', authorization: 'Bearer t' });
    expect(Object.keys(headers).filter((name) => /remote-user|impersonate/.test(name))).toEqual([]);
  });

  test('with a body goes with all of it, and the answer comes with its status and headers', async () => {
    const base = await plain(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.writeHead(409, { 'x-own': 'yes' }).end(`${request.method} ${Buffer.concat(parts).length}`);
    });
    const answer = await fetch(`${base}/api/v1/pods`, { method: 'POST', body: 'x'.repeat(300_000) });
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([409, 'yes', 'POST 300000']);
  });

  test('as a stream comes piece by piece', async () => {
    let more: () => void = () => undefined;
    const base = await plain((_, response) => {
      response.write('one');
      more = () => response.end('two');
    });
    const reader = (await fetch(`${base}/api/v1/pods?watch=1`)).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('one');
    more();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('two');
  });
});

describe('an API server that is away', () => {
  test('before it answers is told as that, not as an answer of its own', async () => {
    const base = await plain((request) => void request.socket.destroy());
    const answer = await fetch(`${base}/api`);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('x-binnacle-upstream')).toBe('unavailable');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ kind: 'Status', reason: 'ServiceUnavailable', code: 502 });
  });

  test('in the middle of an answer cuts it off, so that nobody takes it for whole', async () => {
    const base = await plain((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('half');
      setTimeout(() => request.socket.destroy(), 20);
    });
    await expect(fetch(`${base}/api`).then((answer) => answer.text())).rejects.toThrow();
  });

  test('and a client that leaves ends nothing for the others', async () => {
    const base = await plain((request, response) => {
      if (request.url === '/api/slow') response.write('begun');
      else response.end('fine');
    });
    const abort = new AbortController();
    await fetch(`${base}/api/slow`, { signal: abort.signal });
    abort.abort();
    expect(await (await fetch(`${base}/api`)).text()).toBe('fine');
  });
});

describe('a certificate', () => {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await TestAuthority.create(Date.now());
  });
  /** Whom the API server takes the front door for. */
  async function takenFor(credentials: Partial<Config>): Promise<string> {
    const { certificate: cert, key } = await authority.issue({
      commonName: 'kube-apiserver',
      hosts: ['127.0.0.1', 'localhost'],
    });
    const tls = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
    const server = createHttps(tls, (request, response) =>
      response.end((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody'),
    );
    const port = await listening(server);
    const base = await doorTo({
      server: `https://127.0.0.1:${port}`,
      ca: authority.certificate,
      serverName: 'localhost',
      ...credentials,
    });
    const answer = await fetch(`${base}/api`);
    return answer.ok ? answer.text() : `${answer.status}`;
  }
  const issued = async (commonName: string, organizations: string[] = []) => {
    const { certificate: cert, key } = await authority.issue({ commonName, organizations });
    return { cert, key };
  };

  test('that says no more than that this is the front door is shown', async () => {
    expect(await takenFor(await issued('system:web'))).toBe('system:web');
  });

  test('of anybody else is not: who comes through here would be whoever it names', async () => {
    expect(await takenFor(await issued('kubernetes-admin', ['system:masters']))).toBe('nobody');
    expect(await takenFor(await issued('system:web-admin'))).toBe('nobody');
  });

  test('of the server is checked, for the name it is known by', async () => {
    expect(await takenFor({ serverName: 'elsewhere.example' })).toBe('502');
    expect(await takenFor({ ca: (await TestAuthority.create(Date.now())).certificate })).toBe('502');
    expect(await takenFor({ ca: undefined, insecureSkipTlsVerify: true } as Partial<Config>)).toBe('nobody');
  });
});
