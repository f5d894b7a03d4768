import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { databaseHosts, requireDatabase } from './database-hosts.js';

describe('the hosts of a database URL', () => {
  test.each([
    ['postgres://ann:secret@db.example:6432/binnacle', ['db.example:6432']],
    ['postgresql://db.example', ['db.example:5432']],
    ['postgres://ann@one:1,two/binnacle?target_session_attrs=read-write', ['one:1', 'two:5432']],
    ['postgres://ann@[::1]:6432,[::2]/binnacle', ['::1:6432', '::2:5432']],
    ['postgres:///binnacle?host=one,two&port=6432', ['one:6432', 'two:6432']],
    ['postgres:///binnacle?host=/run/postgresql', []],
    ['postgres://%2Frun%2Fpostgresql/binnacle', []],
  ])('%s', (url, hosts) => {
    expect(databaseHosts(url)?.map(({ host, port }) => `${host}:${port}`)).toEqual(hosts);
  });

  test.each([
    'mysql://db.example/x',
    'db.example',
    'postgres://one:port/x',
    'postgres://one:99999/x',
    'postgres://ann:s@cret@one/x',
    'postgres://ann:%zz@one/x',
  ])('%s is none', (url) => {
    expect(databaseHosts(url)).toBeUndefined();
  });
});

async function listening(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test('one of several hosts is enough, none is told with all their names and without the password', async () => {
  const [first, second] = [await listening(), await listening()];
  const url = `postgres://ann:secret@127.0.0.1:${first.port},127.0.0.1:${second.port}/db`;
  first.close();
  await requireDatabase(url);
  second.close();
  const refusal = requireDatabase(url);
  await expect(refusal).rejects.toThrow(`127.0.0.1:${first.port}, 127.0.0.1:${second.port} cannot be reached`);
  await expect(refusal).rejects.not.toThrow('secret');
});
