import { configMap } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { BulkRun } from './bulk-run.js';

const named = (name: string) => configMap({ metadata: { name } });
const ALL = ['a', 'b', 'c'].map(named);
const outcome = (run: BulkRun<ReturnType<typeof named>>) =>
  run.store.get().map(({ object, state, message }) => [object.metadata.name, state, message]);

/** Does what is asked, and notes it; refuses those of these names. */
function acting(refused: { readonly dryRun?: readonly string[]; readonly real?: string[] } = {}) {
  const done: string[] = [];
  const act = async ({ metadata: { name = '' } }: { metadata: { name?: string } }, { dryRun }: { dryRun: boolean }) => {
    if (dryRun && refused.dryRun?.includes(name)) throw new Error(`${name} may not`);
    if (!dryRun && refused.real?.includes(name)) throw new Error(`${name} is away`);
    done.push(`${dryRun ? 'try' : 'do'} ${name}`);
  };
  return { done, act };
}

describe('a change to many', () => {
  test('is tried with all of them before it is made to any', async () => {
    const { done, act } = acting();
    const run = new BulkRun(ALL, act);
    expect(await run.try()).toBe(true);
    await run.run();
    expect(done).toEqual(['try a', 'try b', 'try c', 'do a', 'do b', 'do c']);
    expect(run.count('done')).toBe(3);
  });

  test('is told of each that refuses it, and is made to none before somebody says so', async () => {
    const { done, act } = acting({ dryRun: ['b'] });
    const run = new BulkRun(ALL, act);
    expect(await run.try()).toBe(false);
    expect(outcome(run)).toEqual([
      ['a', 'tried', ''],
      ['b', 'refused', 'b may not'],
      ['c', 'tried', ''],
    ]);
    await run.run();
    expect(done).toEqual(['try a', 'try c', 'do a', 'do c']);
    expect(outcome(run)[1]).toEqual(['b', 'refused', 'b may not']);
  });

  test('is made once more to those alone to which it was not', async () => {
    const real = ['b'];
    const { done, act } = acting({ real });
    const run = new BulkRun(ALL, act);
    await run.try();
    await run.run();
    expect(outcome(run)[1]).toEqual(['b', 'failed', 'b is away']);
    real.pop();
    await run.again();
    expect(done.slice(3)).toEqual(['do a', 'do c', 'do b']);
    expect(run.count('done')).toBe(3);
  });

  test('has no more than six requests under way, and begins none once it is stopped', async () => {
    let underWay = 0;
    const waiting: (() => void)[] = [];
    const act = () => new Promise<void>((resolve) => waiting.push(resolve)).finally(() => (underWay -= 1));
    const counted = () => {
      underWay += 1;
      return act();
    };
    const run = new BulkRun(
      Array.from({ length: 20 }, (_, index) => named(`m-${index}`)),
      counted,
    );
    const trying = run.try();
    expect(underWay).toBe(6);
    run.stop();
    for (const each of waiting) each();
    await trying;
    expect(waiting).toHaveLength(6);
  });
});
