import { once } from 'node:events';
import { createServer, get, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Checked, openHealth } from './health-listener.js';
import type { PortListener } from './port-listener.js';

const HOST = '127.77.9.1';
let listener: PortListener | undefined;
afterEach(() => listener?.shutdown());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let checked: Checked;
async function open(localEndpoints: number, isHealthy = true): Promise<number> {
  const port = await freePort();
  checked = {
    service: 'shop/web',
    spec: { protocol: 'TCP', purpose: 'HealthCheck', host: HOST, port, localEndpoints },
    isHealthy,
  };
  listener = await openHealth({ host: HOST, port }, () => checked);
  return port;
}

async function ask(port: number, method = 'GET'): Promise<{ response: IncomingMessage; body: string }> {
  const asked = request({ host: HOST, port, method, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { response, body };
}

test('answers as upstream does, to the tab', async () => {
  const { response, body } = await ask(await open(2));
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    'x-load-balancing-endpoint-weight': '2',
  });
  expect(body).toBe(
    '{\n\t"service": {\n\t\t"namespace": "shop",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 2,\n\t"serviceProxyHealthy": true\n}',
  );
});

test.each([
  ['without endpoints', 0, true],
  ['while the proxy lags behind', 2, false],
])('%s no traffic is to be sent here', async (_, localEndpoints, isHealthy) => {
  const { response, body } = await ask(await open(localEndpoints, isHealthy));
  expect(response.statusCode).toBe(503);
  expect(JSON.parse(body)).toMatchObject({ localEndpoints, serviceProxyHealthy: isHealthy });
});

test('what is answered follows what is so now, and no body is sent where none may be', async () => {
  const port = await open(1);
  checked = { ...checked, spec: { ...checked.spec, localEndpoints: 0 } };
  const { response, body } = await ask(port, 'HEAD');
  expect([response.statusCode, body]).toEqual([503, '']);
});

test('a port that is taken is told as the system tells it', async () => {
  const port = await open(1);
  await expect(openHealth({ host: HOST, port }, () => checked)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a closed port is over with its last connection', async () => {
  const port = await open(1);
  const drained = new Promise<void>((resolve) => listener?.onDrained(resolve));
  const idle = get({ host: HOST, port, agent: false });
  const [response] = (await once(idle, 'response')) as [IncomingMessage];
  response.resume();
  listener?.close();
  await drained;
  await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
