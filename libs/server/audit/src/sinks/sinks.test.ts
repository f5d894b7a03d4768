import { mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PendingEvent } from '../event.js';
import { AuditCounts } from '../metrics.js';
import { EventQueue, type QueueOptions } from './event-queue.js';
import { LogFile } from './log-file.js';
import { inGroups } from './webhook.js';

const clock = new FakeClock();
const pending = (auditID: string): PendingEvent =>
  ({ event: { kind: 'Event', auditID }, omitManagedFields: false }) as unknown as PendingEvent;
const idsOf = (events: readonly PendingEvent[]) => events.map(({ event }) => event.auditID);

describe('a queue', () => {
  let written: string[][];
  let registry: MetricsRegistry;
  let fails = false;
  const options: QueueOptions = { name: 'log', mode: 'batch', most: 4, mostBytes: 1e6, batch: 2, wait: 100 };
  const queue = (more: Partial<QueueOptions> = {}, write?: (events: readonly PendingEvent[]) => Promise<void>) =>
    new EventQueue(
      { clock, logger: silentLogger },
      { ...options, ...more },
      write ??
        (async (events) => {
          if (fails) throw new Error('ENOSPC');
          written.push(idsOf(events));
        }),
      new AuditCounts(registry),
    );
  const lost = async () => /apiserver_audit_error_total\{plugin="log"\} (\d+)/.exec(await registry.metrics())?.[1];

  beforeEach(() => {
    [written, fails, registry] = [[], false, new MetricsRegistry()];
  });

  test('writes batches in order, and what is left after a while', async () => {
    const events = queue();
    for (const id of ['a', 'b', 'c']) events.take(pending(id));
    await expect.poll(() => written).toEqual([['a', 'b'], ['c']]);
    events.take(pending('d'));
    expect(written).toHaveLength(2);
    clock.step(100);
    await expect.poll(() => written.at(-1)).toEqual(['d']);
  });

  test('drops what it has no room for, and counts it', async () => {
    let goOn: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (goOn = resolve));
    const events = queue({}, async () => stuck);
    for (let at = 0; at < 20; at += 1) events.take(pending(String(at)));
    expect(Number(await lost())).toBeGreaterThan(10);
    expect(events.room()).toBeUndefined();
    goOn();
    await events.close();
  });

  test('that must be whole has others wait for room, and keeps all', async () => {
    let goOn: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (goOn = resolve));
    let count = 0;
    const events = queue({ mode: 'blocking' }, async (batch) => {
      await stuck;
      count += batch.length;
    });
    for (let at = 0; at < 8; at += 1) events.take(pending(String(at)));
    const room = events.room();
    expect(room).toBeInstanceOf(Promise);
    goOn();
    await room;
    await events.close();
    expect([count, await lost()]).toEqual([8, undefined]);
  });

  test('goes on where the disk is full', async () => {
    fails = true;
    const events = queue({ mode: 'blocking' });
    for (const id of ['a', 'b']) events.take(pending(id));
    await expect.poll(lost).toBe('2');
    fails = false;
    for (const id of ['c', 'd']) events.take(pending(id));
    await expect.poll(() => written).toEqual([['c', 'd']]);
    expect(events.room()).toBeUndefined();
  });
});

describe('a log file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'binnacle-audit-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const log = (more: object = {}) =>
    new LogFile({ path: join(folder, 'logs', 'audit.log'), maxBytes: 200, maxBackups: 2, maxAge: 0, ...more }, clock);
  const files = async () => (await readdir(join(folder, 'logs'))).sort();

  test('holds a JSON object a line, for its owner alone', async () => {
    const file = log();
    await file.write([pending('a'), pending('b')]);
    await file.close();
    const path = join(folder, 'logs', 'audit.log');
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { auditID: string }).auditID)).toEqual(['a', 'b']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('is put aside when it is full, and so many old ones are kept', async () => {
    const file = log();
    for (let at = 0; at < 6; at += 1) {
      await file.write([pending('x'.repeat(120))]);
      clock.step(1000);
    }
    await file.close();
    const found = await files();
    expect(found).toHaveLength(3);
    expect(found.filter((name) => /^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/.test(name))).toHaveLength(2);
  });

  test('goes when it is too old', async () => {
    const file = log({ maxBackups: 0, maxAge: 60_000 });
    const write = () => file.write([pending('x'.repeat(180))]);
    await write();
    await write();
    const [old = ''] = await files();
    await utimes(join(folder, 'logs', old), 0, 0);
    clock.step(1000);
    await write();
    await file.close();
    expect(await files()).not.toContain(old);
  });

  test('that cannot be written says so, and is tried anew', async () => {
    await expect(
      new LogFile({ path: join(folder, 'a\0b'), maxBytes: 1, maxBackups: 0, maxAge: 0 }, clock).write([pending('a')]),
    ).rejects.toThrow();
  });
});

test('events go in groups that are not too large', () => {
  expect(inGroups(['aa', 'bb', 'c', 'dddddd', 'e'], 4)).toEqual([['aa', 'bb'], ['c'], ['dddddd'], ['e']]);
  expect(inGroups([], 4)).toEqual([]);
});
