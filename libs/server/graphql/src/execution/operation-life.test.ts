import { FakeClock } from '@binnacle/machinery-context';
import { StatusError, newNotFound } from '@binnacle/machinery-meta';
import { StorageError } from '@binnacle/server-storage';
import { GraphQLError } from 'graphql';
import { beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../cost/limits.js';
import { startService } from '../testing/service.js';
import { Identities } from './identities.js';
import { OperationLife } from './operation-life.js';
import { ErrorPresenter, errorsOf } from './present-error.js';

let clock: FakeClock;
let above: AbortController;
beforeEach(() => {
  [clock, above] = [new FakeClock(), new AbortController()];
});

describe('the life of an operation', () => {
  test('ends with its time, and says so', async () => {
    const life = new OperationLife(above.signal, clock, 5_000);
    const working = life.during(new Promise(() => undefined));
    clock.step(4_999);
    expect(life.signal.aborted).toBe(false);
    clock.step(1);
    await expect(working).rejects.toMatchObject({
      reason: 'Timeout',
      message: expect.stringContaining('5 s') as string,
    });
    await expect(life.during(Promise.resolve(1))).rejects.toMatchObject({ reason: 'Timeout' });
  });

  test('ends with what is above it, also where that has ended already', async () => {
    const life = new OperationLife(above.signal, clock, undefined);
    const working = life.during(new Promise(() => undefined));
    above.abort(new Error('the client has gone'));
    await expect(working).rejects.toThrow('the client has gone');
    expect(new OperationLife(above.signal, clock, 1).signal.reason).toBe(above.signal.reason);
  });

  test('answers what comes of the work before, good or bad', async () => {
    const life = new OperationLife(above.signal, clock, 5_000);
    expect(await life.during(Promise.resolve('done'))).toBe('done');
    await expect(life.during(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  test('that was closed ends by nothing more', () => {
    const life = new OperationLife(above.signal, clock, 5_000);
    life.close();
    clock.step(10_000);
    above.abort();
    expect(life.signal.aborted).toBe(false);
  });
});

describe('what an identity has running', () => {
  test('is counted for each kind, cluster and user, and given back once', async () => {
    const { ctx } = await startService();
    const identities = new Identities();
    const as = (name: string, cluster = 'main') => ({ ...ctx, cluster, user: { ...ctx.user, name } });
    const leaves = Array.from({ length: LIMITS.operationsAtOnce }, () => identities.enter(as('ann'), 'operations'));
    expect(() => identities.enter(as('ann'), 'operations')).toThrow('ann has 10 operations open; at most 10');
    // The past of a cluster is the same cluster.
    expect(() => identities.enter(as('ann', 'main@7'), 'operations')).toThrow(StatusError);
    for (const other of [as('bob'), as('ann', 'lab')]) identities.enter(other, 'operations');
    identities.enter(as('ann'), 'subscriptions');
    leaves[0]?.();
    leaves[0]?.();
    identities.enter(as('ann'), 'operations');
    expect(() => identities.enter(as('ann'), 'operations')).toThrow(StatusError);
  });
});

describe('errors', () => {
  const faults: unknown[] = [];
  const presenter = new ErrorPresenter((error) => faults.push(error));
  const present = (error: unknown) => presenter.present(errorsOf(error))[0];
  const inside = (originalError: Error) =>
    new GraphQLError(originalError.message, { path: ['pods', 0], originalError });
  beforeEach(() => void faults.splice(0));

  test('of the API keep their reason and their Status, at their path', () => {
    const error = newNotFound({ group: '', resource: 'pods' }, 'a');
    expect(present(inside(error))).toMatchObject({
      message: 'pods "a" not found',
      path: ['pods', 0],
      extensions: { code: 'NotFound', status: { code: 404, reason: 'NotFound', details: { name: 'a', kind: 'pods' } } },
    });
  });

  test('of the store are told as the API tells them', () => {
    expect(present(new StorageError('unavailable', 'no store'))?.extensions).toMatchObject({
      code: 'ServiceUnavailable',
    });
  });

  test('of ours are told to the server and to nobody else', () => {
    const fault = new Error('password=secret');
    expect(present(inside(fault))).toEqual({
      message: 'internal error',
      path: ['pods', 0],
      extensions: { code: 'InternalError' },
    });
    expect(present(fault)).toEqual({ message: 'internal error', extensions: { code: 'InternalError' } });
    expect(faults).toEqual([fault, fault]);
  });

  test('of the operation keep their code', () => {
    expect(present(new GraphQLError('bad'))?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(present(new GraphQLError('bad', { extensions: { code: 'X' } }))?.extensions).toEqual({ code: 'X' });
    expect(present(inside(new GraphQLError('bad literal')))?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(faults).toEqual([]);
  });

  test('are only so many and so long', () => {
    const many = new AggregateError(Array.from({ length: 300 }, () => new GraphQLError('x'.repeat(5_000))));
    const told = presenter.present(errorsOf(many));
    expect([told.length, told[0]?.message.length]).toEqual([100, 1_000]);
  });
});
