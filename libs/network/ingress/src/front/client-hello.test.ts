import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { saysServerName } from './client-hello.js';

/** What a client of TLS says first. */
async function helloOf(servername?: string): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...(servername && { servername }) });
  client.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  server.close();
  return bytes;
}

describe('who begins TLS', () => {
  it('says a name or none', async () => {
    expect(saysServerName(await helloOf('a.example.com'))).toBe(true);
    expect(saysServerName(await helloOf())).toBe(false);
  });

  it('may say it in parts, and is waited for', async () => {
    const whole = await helloOf('a.example.com');
    const answers = Array.from({ length: whole.length }, (_, at) => saysServerName(whole.subarray(0, at)));
    expect(answers[0]).toBeUndefined();
    const said = answers.indexOf(true);
    expect(answers.slice(0, said).every((answer) => answer === undefined)).toBe(true);
    expect(answers.slice(said < 0 ? answers.length : said).every((answer) => answer === true)).toBe(true);
  });

  it('may be somebody else', () => {
    expect(saysServerName(Buffer.from('GET / HTTP/1.1\r\n'))).toBe(false);
  });
});

test('whatever the bytes are there is an answer', async () => {
  const whole = await helloOf('a.example.com');
  const changed = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }).map((changes) => {
    const bytes = Buffer.from(whole);
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 300 }).map(Buffer.from)), (bytes) => {
      expect([true, false, undefined]).toContain(saysServerName(bytes));
    }),
    { numRuns: 2_000 },
  );
});
