import { FakeClock } from '@binnacle/machinery-context';
import { newNotFound, newTooManyRequests, StatusError } from '@binnacle/machinery-meta';
import { pod } from '@binnacle/testing-fixtures';
import { type KubeObject, UnreachableError } from '@binnacle/web-data';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Drain } from './drain.js';

const podOf = (name: string) => pod({ metadata: { name, uid: name } as never });
const REFUSED = newTooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 10, [
  { reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' },
]);

let clock: FakeClock;
/** What the server says of each Pod, next. */
let answers: Map<string, Error[]>;
let asked: string[];
const cordon = vi.fn(async () => undefined as unknown);
beforeEach(() => {
  clock = new FakeClock(0);
  answers = new Map();
  asked = [];
  cordon.mockReset();
});

async function evict({ metadata: { name = '' } }: KubeObject): Promise<void> {
  asked.push(name);
  const error = answers.get(name)?.shift();
  if (error) throw error;
}
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));
async function begin(...names: string[]): Promise<Drain> {
  const drain = new Drain('worker-1', 'main', names.map(podOf), { cordon, evict }, clock);
  await drain.start();
  await settled();
  return drain;
}
const states = ({ store }: Drain) => store.get().evictions.map(({ state }) => state);
const there = (...names: string[]) => new Set(names);

describe('a drain', () => {
  test('cordons the node, evicts all, and is done when all are gone', async () => {
    const drain = await begin('a', 'b');
    expect(cordon).toHaveBeenCalledTimes(1);
    expect(states(drain)).toEqual(['leaving', 'leaving']);
    drain.seen(there('b'));
    expect(states(drain)).toEqual(['gone', 'leaving']);
    expect(drain.isRunning).toBe(true);
    drain.seen(there());
    expect(drain.store.get().phase).toBe('done');
  });

  test('of an empty node is done at once', async () => {
    expect((await begin()).store.get().phase).toBe('done');
  });

  test('asks again where a budget lets none go, and goes on when it does', async () => {
    answers.set('a', [REFUSED, REFUSED]);
    const drain = await begin('a', 'b');
    expect(states(drain)).toEqual(['refused', 'leaving']);
    expect(drain.store.get().evictions[0]?.message).toContain('needs 2 healthy pods and has 2 currently');
    clock.step(5_000);
    await settled();
    expect(states(drain)).toEqual(['refused', 'leaving']);
    clock.step(5_000);
    await settled();
    expect(states(drain)).toEqual(['leaving', 'leaving']);
    expect(asked).toEqual(['a', 'b', 'a', 'a']);
  });

  test.each([
    ['the server is away', new UnreachableError('away')],
    ['the session has ended', new StatusError(401, 'Unauthorized', 'sign in')],
    ['it is overloaded', new StatusError(503, 'ServiceUnavailable', 'busy')],
  ])('asks again where %s', async (_, error) => {
    answers.set('a', [error]);
    const drain = await begin('a');
    expect(states(drain)).toEqual(['refused']);
    clock.step(5_000);
    await settled();
    expect(states(drain)).toEqual(['leaving']);
  });

  test('takes one that is not there any more for gone', async () => {
    answers.set('a', [newNotFound({ group: '', resource: 'pods' }, 'a')]);
    const drain = await begin('a');
    expect(drain.store.get().phase).toBe('done');
  });

  test('fails where one may never go, once the others are gone', async () => {
    answers.set('a', [new StatusError(500, 'InternalError', 'more than one PodDisruptionBudget')]);
    const drain = await begin('a', 'b');
    expect(states(drain)).toEqual(['failed', 'leaving']);
    expect(drain.isRunning).toBe(true);
    drain.seen(there('a'));
    expect(drain.store.get()).toMatchObject({ phase: 'failed', message: 'more than one PodDisruptionBudget' });
  });

  test('fails where the node cannot be cordoned, and evicts nothing', async () => {
    cordon.mockRejectedValueOnce(new Error('may not'));
    const drain = await begin('a');
    expect(drain.store.get()).toMatchObject({ phase: 'failed', message: 'may not' });
    expect(asked).toEqual([]);
  });

  test('that is stopped asks for nothing more', async () => {
    answers.set('a', [REFUSED]);
    const drain = await begin('a');
    drain.stop();
    clock.step(60_000);
    await settled();
    expect(asked).toEqual(['a']);
    expect(drain.store.get().phase).toBe('stopped');
    drain.seen(there());
    expect(drain.store.get().phase).toBe('stopped');
  });

  test('has no more than six requests under way', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `pod-${index}`);
    const waiting: (() => void)[] = [];
    const slow = () => new Promise<void>((resolve) => waiting.push(resolve));
    const drain = new Drain('n', 'main', names.map(podOf), { cordon, evict: slow }, clock);
    await drain.start();
    expect(waiting).toHaveLength(6);
    waiting[0]?.();
    await settled();
    expect(waiting).toHaveLength(7);
    drain.stop();
  });

  test('knows that one is gone before the answer comes', async () => {
    let answer = () => undefined as void;
    const slow = () => new Promise<void>((resolve) => (answer = resolve));
    const drain = new Drain('n', 'main', [podOf('a'), podOf('b')], { cordon, evict: slow }, clock);
    await drain.start();
    drain.seen(there('a'));
    answer();
    await settled();
    expect(states(drain)).toEqual(['asked', 'gone']);
  });
});
