import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { Pool } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommitHealth } from './commit-health.js';
import { WriteProbe } from './write-probe.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const said = (code: string) => Object.assign(new Error('no'), { code, severity: 'ERROR' });
let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
});

describe('what commits say of the next', () => {
  it('is nothing while all is well', () => {
    const health = new CommitHealth(clock);
    health.check();
    const ended = health.begin();
    clock.step(4_000);
    health.check();
    ended('answered');
    clock.step(60_000);
    health.check();
  });

  it('is that one waits for too long, the oldest of them', () => {
    const health = new CommitHealth(clock);
    const [first] = [health.begin(), clock.step(3_000)];
    const second = health.begin();
    clock.step(1_001);
    expect(() => health.check()).toThrow(
      expect.objectContaining({ code: 'unavailable', message: 'a write waits for the database' }),
    );
    first('answered');
    health.check();
    second('answered');
  });

  it('is why the last one failed, until one succeeds or it is long ago', () => {
    const health = new CommitHealth(clock);
    health.begin()('failed', said('53100'));
    expect(() => health.check()).toThrow('the disk of the database is full');
    health.begin()('answered');
    health.check();
    health.begin()('failed', new Error('EPIPE'));
    clock.step(9_999);
    expect(() => health.check()).toThrow('the database does not answer');
    clock.step(1);
    health.check();
  });
});

/** A database of one connection, whose statements are answered or fail as the test says. */
class FakePool {
  readonly asked: string[] = [];
  readonly released: (Error | undefined)[] = [];
  connects = 0;
  answer: (sql: string) => Promise<unknown> = async () => [];
  private readonly client = {
    query: (sql: string) => {
      this.asked.push(sql.trim().split(/\s+/)[0] ?? '');
      return this.answer(sql);
    },
    release: (error?: Error) => void this.released.push(error),
  };

  async connect() {
    this.connects += 1;
    return this.client;
  }
}

describe('a probe of writing', () => {
  let pool: FakePool;
  let probe: WriteProbe;
  const check = () => probe.check({ signal: new AbortController().signal, clock, logger: silentLogger });
  beforeEach(() => {
    pool = new FakePool();
    probe = new WriteProbe(pool as unknown as Pool);
  });

  it('prepares a connection once, and writes at each try', async () => {
    await check();
    clock.step(1_000);
    await check();
    expect([pool.asked, pool.released]).toEqual([
      ['create', 'begin;', 'begin;'],
      [undefined, undefined],
    ]);
  });

  it('is shared by all who ask within a second', async () => {
    await Promise.all([check(), check(), check()]);
    clock.step(999);
    await check();
    expect(pool.connects).toBe(1);
  });

  it('says why not, to all who ask within a second, and gives the connection back in order', async () => {
    pool.answer = async (sql) => {
      if (sql.startsWith('begin')) throw said('53100');
      return [];
    };
    const refused = { code: 'unavailable', message: 'the disk of the database is full' };
    await expect(check()).rejects.toMatchObject(refused);
    await expect(check()).rejects.toMatchObject(refused);
    expect([pool.asked, pool.released]).toEqual([['create', 'begin;', 'rollback'], [undefined]]);
    pool.answer = async () => [];
    clock.step(1_000);
    await check();
  });

  it('finds a database that only reads', async () => {
    pool.answer = async () => [{}, {}, { rows: [{ read_only: true }] }, {}];
    await expect(check()).rejects.toMatchObject({ message: 'the database takes no writes' });
  });

  it('waits no longer than a kubelet would', async () => {
    pool.answer = () => new Promise(() => undefined);
    const checked = check().catch((error: Error) => error.message);
    await turn();
    clock.step(3_999);
    expect(await Promise.race([checked, turn()])).toBeUndefined();
    clock.step(1);
    expect(await checked).toBe('the database does not answer');
  });

  it('throws a connection away that cannot even roll back', async () => {
    pool.answer = async () => {
      throw new Error('broken');
    };
    await expect(check()).rejects.toMatchObject({ code: 'unavailable' });
    expect(pool.released.map((error) => error?.message)).toEqual(['broken']);
  });
});
