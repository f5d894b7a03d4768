import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { TestAuthority } from '@binnacle/testing-cluster/authority';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EgressBounds, guardedFetch } from './guarded-fetch.js';

let authority: TestAuthority;
let server: Server;
let url: string;
let serve: RequestListener;
let asked = 0;

beforeAll(async () => {
  authority = await TestAuthority.create(Date.now());
  const { certificate: cert, key } = await authority.issue({ commonName: 'other', hosts: ['localhost'] });
  server = createServer({ cert, key }, (request, response) => {
    asked += 1;
    serve(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}/a?b=c`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const clock = new FakeClock();
const context = (signal = new AbortController().signal) => ({ clock, logger: silentLogger, signal });
const fetch = (bounds: Partial<EgressBounds> = {}, signal?: AbortSignal) =>
  guardedFetch(context(signal), {
    milliseconds: 5_000,
    bytes: 100,
    certificateAuthority: authority.certificate,
    ...bounds,
  });

describe('another server', () => {
  it('is asked as fetch asks', async () => {
    serve = (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        response.setHeader('x-asked', `${request.method} ${request.url} ${request.headers['x-y']}`);
        response.statusCode = 201;
        response.end(body);
      });
    };
    const answer = await fetch()(url, {
      method: 'POST',
      headers: { 'x-y': 'z' },
      body: new URLSearchParams({ q: '1' }),
    });
    expect([answer.status, answer.headers.get('x-asked'), await answer.text()]).toEqual([201, 'POST /a?b=c z', 'q=1']);
  });

  it('leads nowhere else', async () => {
    asked = 0;
    serve = (_request, response) => response.writeHead(302, { location: url }).end();
    expect((await fetch()(url)).status).toBe(302);
    expect(asked).toBe(1);
  });

  it('may answer nothing', async () => {
    serve = (_request, response) => response.writeHead(204).end();
    expect(await (await fetch()(url)).text()).toBe('');
  });

  it('is hung up on when it says too much', async () => {
    let isGone: Promise<unknown> = Promise.resolve();
    serve = (_request, response) => {
      isGone = once(response, 'close');
      const more = () => void (response.destroyed || response.write('x'.repeat(1000), () => setImmediate(more)));
      more();
    };
    await expect(fetch()(url)).rejects.toThrow('larger than 100 bytes');
    await isGone;
  });

  it.each(['says nothing', 'never ends'])('is hung up on when it %s', async (which) => {
    const arrived = new Promise<void>((resolve) => {
      serve = (_request, response) => {
        if (which === 'never ends') response.write('x');
        resolve();
      };
    });
    const answer = fetch()(url);
    const refused = expect(answer).rejects.toThrow('no answer within 5 s');
    await arrived;
    clock.step(5_000);
    await refused;
  });

  it('is not waited for when the asker is gone', async () => {
    const abort = new AbortController();
    serve = () => abort.abort(new Error('gone'));
    await expect(fetch({}, abort.signal)(url)).rejects.toThrow('gone');
  });

  it('must show that it is who it is', async () => {
    await expect(fetch({ certificateAuthority: undefined })(url)).rejects.toThrow(/certificate/);
  });

  it.each([
    'http://localhost/',
    'file:///etc/passwd',
    'https://169.254.169.254/',
    'https://[::]/',
    'https://0xa9fea9fe/',
  ])('is never %s', async (place) => {
    await expect(fetch()(place)).rejects.toThrow(/asked/);
  });
});
