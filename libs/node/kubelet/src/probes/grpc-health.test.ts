import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { healthRequest, healthStatus, probeGrpc } from './grpc-health.js';

const server = createServer();
let seen: Buffer[] = [];
let status = 1;

server.on('stream', (stream) => {
  stream.on('data', (chunk: Buffer) => seen.push(chunk));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.end(Buffer.of(0, 0, 0, 0, 2, 0x08, status));
  });
});

afterEach(() => {
  seen = [];
});

test('a serving server passes, another does not, none at all does not', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const target = { ip: '127.0.0.1', port, address: { host: '127.0.0.1', port } };
  expect(await probeGrpc(target, 'shop', 5)).toMatchObject({ passed: true });
  expect(Buffer.concat(seen)).toEqual(healthRequest('shop'));
  status = 2;
  expect(await probeGrpc(target, '', 5)).toEqual({
    passed: false,
    output: 'service unhealthy (responded with "2")',
  });
  server.close();
  await once(server, 'close');
  expect(await probeGrpc(target, '', 5)).toMatchObject({ passed: false });
});

test('no answer at all makes its reader throw', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void healthStatus(Buffer.from(bytes))));
});
