import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@binnacle/process-lifecycle';
import { Bench, testContext, WatchReader } from '@binnacle/server-storage/suite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPostgresStorage } from './create-postgres-storage.js';
import type { PostgresStorage } from './postgres-storage.js';
import { PostgresServer, postgresUser } from './testing/index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };
const PATIENCE = 1_000;
const SILENT = { code: 'unavailable' };
const until = { timeout: 20_000 };

let server: PostgresServer;
let storage: PostgresStorage;
let b: Bench;
let thaw = () => {};

async function open(options: Parameters<typeof PostgresServer.start>[0] = {}): Promise<void> {
  server = await PostgresServer.start(options);
  storage = await createPostgresStorage(ctx, { databaseUrl: server.url(), patience: PATIENCE });
  await storage.createCluster(ctx, 'c');
  b = new Bench(ctx, { storage, reader: storage, close: async () => undefined }, 'c');
}

afterEach(async () => {
  thaw();
  thaw = () => {};
  await storage.close();
  await server.stop();
});

async function statement(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  await client.query(sql);
  await client.end();
}

describe('while the database stands still', () => {
  beforeEach(() => open());

  it('every call ends within its time, and all goes on afterwards', async () => {
    const watch = new WatchReader(await storage.watch(ctx, { cluster: 'c', resource: 'pods' }, { after: 0 }));
    await b.create('before');
    expect(await watch.changes(1)).toEqual(['ADDED before@1']);
    thaw = server.freeze();
    const scope = { cluster: 'c', resource: 'pods' };
    await Promise.all([
      expect(b.create('unknown')).rejects.toMatchObject(SILENT),
      expect(storage.head(ctx, 'c')).rejects.toMatchObject(SILENT),
      expect(storage.list(ctx, scope, { revision: { at: 'latest' } })).rejects.toMatchObject(SILENT),
      expect(storage.history(ctx, 'c', 0, 10)).rejects.toMatchObject(SILENT),
      expect(storage.checkWritable(ctx)).rejects.toMatchObject({ code: 'unavailable' }),
    ]);
    thaw();
    await expect.poll(() => storage.checkWritable(ctx).then(() => 'well'), { timeout: 20_000 }).toBe('well');
    await b.create('after');
    const seen = await watch.changes((await storage.revision(ctx, 'c')) - 1);
    expect(seen.at(-1)).toMatch(/^ADDED after/);
    watch.watch.close();
  });

  it('a caller that gives up is told at once', async () => {
    thaw = server.freeze();
    const abort = new AbortController();
    const asked = { ...ctx, signal: abort.signal };
    const read = storage.head(asked, 'c');
    const page = storage.list(asked, { cluster: 'c', resource: 'pods' }, { revision: { at: 'latest' } });
    const write = new Bench(asked, { storage, reader: storage, close: async () => undefined }, 'c').create('given-up');
    abort.abort(new Error('the client left'));
    for (const each of [read, page, write]) await expect(each).rejects.toThrow('the client left');
    thaw();
  });
});

it('writes and reads on when others hold every connection', async () => {
  await open({ settings: { max_connections: '20', superuser_reserved_connections: '0' } });
  await b.create('before');
  const others: pg.Client[] = [];
  for (let refused = false; !refused; ) {
    const client = new pg.Client({ connectionString: server.url() });
    client.on('error', () => undefined);
    refused = await client.connect().then(
      () => false,
      () => true,
    );
    if (!refused) others.push(client);
  }
  for (let round = 0; round < 5; round += 1) {
    await b.create(`crowded-${round}`);
    expect(await storage.revision(ctx, 'c')).toBe(round + 2);
  }
  await Promise.all(others.map((client) => client.end()));
});

it('says that it takes no writes when the database does not', async () => {
  await open();
  await storage.checkWritable(ctx);
  await statement('alter system set default_transaction_read_only = on');
  await statement('select pg_reload_conf()');
  const check = () => storage.checkWritable(ctx).catch((error: Error) => error.message);
  await expect.poll(check, until).toBe('the database takes no writes');
  await expect(b.create('refused')).rejects.toMatchObject({
    message: 'the write was not stored: the database takes no writes',
  });
});

describe.skipIf(process.getuid?.() !== 0)('when the disk is full', () => {
  let mount = '';
  beforeEach(() => {
    mount = mkdtempSync(join(tmpdir(), 'binnacle-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', mount]);
    const { uid = 0, gid = 0 } = postgresUser();
    chownSync(mount, uid, gid);
  });
  afterEach(() => {
    execFileSync('umount', ['-l', mount]);
    rmSync(mount, { recursive: true });
  });

  it('says so, loses nothing, and goes on when there is room again', async () => {
    await open({ dataDir: join(mount, 'data'), settings: { shared_buffers: '16MB' } });
    const body = 'x'.repeat(2_000);
    execFileSync('sh', ['-c', `dd if=/dev/zero of=${mount}/fill bs=1M 2>/dev/null || :`]);
    const acknowledged: string[] = [];
    let failure: Error | undefined;
    for (let index = 0; !failure && index < 20_000; index += 1) {
      await b.create(`n${index}`, { text: body }).then(
        () => acknowledged.push(`n${index}`),
        (error: Error) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ code: 'unavailable' });
    await expect
      .poll(() => storage.checkWritable(ctx).catch((error: Error) => error.message), until)
      .toMatch(/full|answer/);
    rmSync(join(mount, 'fill'));
    if (!server.running) await server.start();
    await expect.poll(() => storage.checkWritable(ctx).then(() => 'well'), { timeout: 30_000 }).toBe('well');
    await b.create('after');
    const { items } = await storage.list(ctx, { cluster: 'c', resource: 'pods' }, { revision: { at: 'latest' } });
    const names = new Set(items.map(({ key }) => key.name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    expect((await storage.examine(ctx)).findings).toEqual([]);
  });
});
