import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { Pool } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { within } from './abandon.js';
import { ClusterIds } from './cluster-ids.js';
import { CommitConnections } from './commit/commit-connections.js';
import { connect } from './connect.js';
import { DatabaseSilentError } from './errors.js';
import { giveBack, inSnapshot, inTransaction } from './transactions.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const said = (code: string) => Object.assign(new Error(`state ${code}`), { code, severity: 'ERROR' });

let clock: FakeClock;
let caller: AbortController;
let asked: string[];
let refusals: unknown[];
let answer: (sql: string) => Promise<unknown>;
let released: number;
const client = {
  query: (sql: string) => {
    asked.push(sql.split(' ')[0] ?? '');
    return answer(sql);
  },
  release: (error?: Error) => {
    released += 1;
    asked.push(error ? `thrown away: ${error.message}` : 'released');
  },
};
const pool = {
  connect: async () => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    asked.push('connect');
    return client;
  },
} as unknown as Pool;
const ctx = () => ({ signal: caller.signal, clock, logger: silentLogger });

beforeEach(() => {
  [clock, caller, asked, refusals, released] = [new FakeClock(), new AbortController(), [], [], 0];
  answer = async () => ({ rows: [] });
});

describe.each([
  ['reads', inSnapshot],
  ['writes', inTransaction],
])('a transaction of %s', (_, run) => {
  it('is begun, committed and given back', async () => {
    expect(await run(ctx(), pool, 'x', async (own) => own === (client as never) && 'done')).toBe('done');
    expect(asked).toEqual(['connect', 'begin', 'commit', 'released']);
  });

  it('that fails is rolled back, and says what it was about', async () => {
    const failed = run(ctx(), pool, 'the pods cannot be read', () => Promise.reject(said('53200')));
    await expect(failed).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the pods cannot be read: the database is out of memory',
    });
    expect(asked).toEqual(['connect', 'begin', 'rollback', 'released']);
  });

  it('on a connection that broke throws the connection away', async () => {
    answer = async (sql) => {
      if (sql === 'rollback') throw new Error('Connection terminated');
      return {};
    };
    await expect(run(ctx(), pool, 'x', () => Promise.reject(new Error('EPIPE')))).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(asked.at(-1)).toBe('thrown away: Connection terminated');
  });

  it('that nobody answered is not asked to roll back', async () => {
    await run(ctx(), pool, 'x', () => Promise.reject(new DatabaseSilentError(15_000))).catch(() => undefined);
    expect(asked).toEqual(['connect', 'begin', 'thrown away: the database did not answer for 15 s']);
  });

  it('is not begun for somebody who gave up before', async () => {
    caller.abort(new Error('gone'));
    await expect(run(ctx(), pool, 'x', async () => 1)).rejects.toThrow('gone');
    await turn();
    expect(asked.filter((sql) => sql === 'begin')).toEqual([]);
  });
});

it('who reads is told at once when they give up, and the connection goes back when it is done', async () => {
  let finish: (value: unknown) => void = () => undefined;
  const reading = inSnapshot(ctx(), pool, 'x', () => new Promise((resolve) => (finish = resolve)));
  await turn();
  caller.abort(new Error('gone'));
  await expect(reading).rejects.toThrow('gone');
  expect(released).toBe(0);
  finish(1);
  await turn();
  expect(asked.slice(-2)).toEqual(['commit', 'released']);
});

it('a connection that there never was is given back without a word', async () => {
  await giveBack(undefined, new Error('x'));
  expect(asked).toEqual([]);
});

describe('a connection', () => {
  it('is asked for again while others hold them all, longer each time', async () => {
    refusals = [said('53300'), said('57P03'), said('53300')];
    const got = connect(ctx(), pool);
    const begun = clock.now();
    const left: [milliseconds: number, refusals: number][] = [];
    for (let at = 0; at < 10; at += 1) {
      await turn();
      if (left.at(-1)?.[1] !== refusals.length) left.push([clock.now() - begun, refusals.length]);
      clock.step(50);
    }
    expect(await got).toBe(client);
    expect([left, asked]).toEqual([
      [
        [0, 2],
        [50, 1],
        [150, 0],
      ],
      ['connect'],
    ]);
  });

  it('is given up after some seconds, with what the driver said', async () => {
    refusals = Array.from({ length: 20 }, () => said('53300'));
    const got = connect(ctx(), pool).catch((error: Error) => error.message);
    for (let at = 0; at < 100; at += 1) {
      await turn();
      clock.step(100);
    }
    expect([await got, refusals.length]).toEqual(['state 53300', 12]);
  });

  it('that cannot be had for another reason is not asked for again', async () => {
    refusals = [said('28P01'), said('28P01')];
    await expect(connect(ctx(), pool)).rejects.toThrow('state 28P01');
    expect(refusals).toHaveLength(1);
  });

  it('is not asked for again by somebody who gave up', async () => {
    refusals = [said('53300'), said('53300')];
    const got = connect(ctx(), pool);
    await turn();
    caller.abort(new Error('gone'));
    await expect(got).rejects.toThrow('gone');
    expect(refusals).toHaveLength(1);
  });
});

describe('connections of commits', () => {
  it('are one for each cluster as long as it is used, and given back then', async () => {
    const connections = new CommitConnections(ctx(), pool);
    const ends: (() => void)[] = [];
    const use = (cluster: string) => connections.use(cluster, () => new Promise<void>((resolve) => ends.push(resolve)));
    const [first, second, other] = [use('a'), use('a'), use('b')];
    await turn();
    expect(asked).toEqual(['connect', 'connect']);
    ends[0]?.();
    await first;
    expect(asked).toHaveLength(2);
    for (const end of ends) end();
    await Promise.all([second, other]);
    expect(asked).toEqual(['connect', 'connect', 'released', 'released']);
  });

  it('that cannot be had fail whoever waits for them, and the next asks again', async () => {
    const connections = new CommitConnections(ctx(), pool);
    refusals = [said('28000')];
    const failed = await Promise.allSettled([connections.use('a', async () => 1), connections.use('a', async () => 2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await connections.use('a', async () => 3)).toBe(3);
  });

  it('are given back also when what was done on them failed', async () => {
    const connections = new CommitConnections(ctx(), pool);
    await expect(connections.use('a', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(asked).toEqual(['connect', 'released']);
  });
});

describe('the ids of clusters', () => {
  const rows = new Map([
    ['a', ['a', '1', '7', '2']],
    ['b', ['b', '2', '9', '0']],
  ]);
  let questions: string[][];
  let failure: Error | undefined;
  const ids = () =>
    new ClusterIds({
      query: async ({ values: [names] }: { values: [string[]] }) => {
        questions.push(names);
        await turn();
        if (failure) throw failure;
        return { rows: names.flatMap((name) => (rows.has(name) ? [rows.get(name)] : [])) };
      },
    } as unknown as Pool);
  beforeEach(() => {
    [questions, failure] = [[], undefined];
  });

  it('are asked for together: who comes while a question is under way shares the next', async () => {
    const known = ids();
    const first = known.current('a');
    const others = Promise.all([known.current('a'), known.head('b'), known.current('a')]);
    expect(await first).toEqual({ id: '1', revision: 7, oldest: 2 });
    expect(await others).toEqual([
      { id: '1', revision: 7, oldest: 2 },
      { incarnation: '2', revision: 9, oldest: 0 },
      { id: '1', revision: 7, oldest: 2 },
    ]);
    expect(questions).toEqual([['a'], ['a', 'b']]);
  });

  it('are remembered until they are forgotten', async () => {
    const known = ids();
    await known.current('a');
    expect([await known.resolve('a'), questions.length]).toEqual([{ id: '1' }, 1]);
    known.forget('a');
    expect([(await known.resolve('a')).id, questions.length]).toEqual(['1', 2]);
  });

  it('of a cluster that is gone are forgotten', async () => {
    const known = ids();
    await known.current('b');
    const gone = rows.get('b') ?? [];
    rows.delete('b');
    await expect(known.current('b')).rejects.toMatchObject({ code: 'unknownCluster' });
    await expect(known.resolve('b')).rejects.toMatchObject({ code: 'unknownCluster' });
    rows.set('b', gone);
    expect(await known.resolve('b')).toMatchObject({ id: '2' });
  });

  it('that cannot be read fail all who asked, and nobody after them', async () => {
    const known = ids();
    failure = said('57P01');
    const failed = await Promise.allSettled([known.current('a'), known.current('b')]);
    expect(failed).toMatchObject(['a', 'b'].map(() => ({ reason: { code: 'unavailable' } })));
    failure = undefined;
    expect(await known.current('a')).toMatchObject({ id: '1' });
  });
});

it('work is waited for only so long, and its failure is told', async () => {
  let done = false;
  const waiting = within(ctx(), 2_000, new Promise(() => undefined)).then(() => (done = true));
  clock.step(1_999);
  await turn();
  expect(done).toBe(false);
  clock.step(1);
  await waiting;
  await within(ctx(), 2_000, Promise.resolve());
  await expect(within(ctx(), 2_000, Promise.reject(new Error('x')))).rejects.toThrow('x');
});
