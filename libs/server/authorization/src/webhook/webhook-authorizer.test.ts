import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { fieldPath } from '@binnacle/machinery-validation';
import type { AuthorizationAttributes } from '@binnacle/server-auth';
import { WebhookFailure } from '@binnacle/server-egress';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CompiledWebhook } from '../compiled-authorizer.js';
import { compileConditions } from './match-conditions.js';
import { WebhookAuthorizer } from './webhook-authorizer.js';

let clock: FakeClock;
let status: object;
let trouble: Error | undefined;
let asked: unknown[];
let seen: string[];

const ctx = () => ({ clock, logger: silentLogger, signal: new AbortController().signal });
const observer = {
  matched: (result: string) => void seen.push(result),
  failedOpen: (result: string) => void seen.push(`open ${result}`),
};
const webhook = {
  ask: async (_: unknown, review: unknown) => {
    asked.push(review);
    await Promise.resolve();
    if (trouble) throw trouble;
    return { kind: 'SubjectAccessReview', status };
  },
};
const of = (change: Partial<CompiledWebhook> = {}, ...expressions: string[]) => {
  const conditions = compileConditions(
    [],
    expressions.map((expression) => ({ expression })),
    fieldPath('c'),
  );
  const compiled = { version: 'v1', believed: { yes: 300_000, no: 30_000 }, failurePolicy: 'NoOpinion' } as const;
  return new WebhookAuthorizer(ctx(), webhook, { ...compiled, conditions, ...change }, observer);
};

const pods = (name = ''): AuthorizationAttributes => ({
  user: { name: 'jane', groups: [] },
  cluster: 'main',
  verb: 'get',
  resource: { group: '', version: 'v1', resource: 'pods', subresource: '', namespace: 'a', name },
});

beforeEach(() => {
  [clock, asked, seen, trouble] = [new FakeClock(), [], [], undefined];
  status = { allowed: true, reason: 'why not' };
});

test.each<[object, object]>([
  [
    { allowed: true, reason: 'why not' },
    { allowed: true, reason: 'why not' },
  ],
  [
    { allowed: false, reason: 'no' },
    { allowed: false, reason: 'no' },
  ],
  [
    { allowed: false, denied: true },
    { allowed: false, denied: true, reason: '' },
  ],
  [{}, { allowed: false, reason: '' }],
  [
    { allowed: 'true', reason: 7 },
    { allowed: false, reason: '' },
  ],
  [
    { allowed: true, denied: true },
    { allowed: false, denied: true, error: 'webhook subject access review returned both allow and deny response' },
  ],
])('%j decides so', async (said, expected) => {
  status = said;
  expect(await of().authorize(ctx(), pods())).toMatchObject(expected);
  expect(asked).toMatchObject([{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' }]);
});

describe('an answer', () => {
  test('is believed for a while, a yes for longer than a no', async () => {
    const authorizer = of();
    const yes = await authorizer.authorize(ctx(), pods());
    expect(yes).toMatchObject({ until: clock.now() + 300_000 });
    status = { allowed: false };
    await authorizer.authorize(ctx(), pods('other'));
    clock.step(29_999);
    expect([authorizer.authorize(ctx(), pods()), authorizer.authorize(ctx(), pods('other'))]).toEqual([
      yes,
      { allowed: false, reason: '' },
    ]);
    expect(asked).toHaveLength(2);
    clock.step(1);
    await authorizer.authorize(ctx(), pods('other'));
    expect(asked).toHaveLength(3);
    clock.step(270_000);
    expect(await authorizer.authorize(ctx(), pods())).toEqual({ allowed: false, reason: '' });
  });

  test('that is not to be believed later is asked for each time, and of what is open every minute', async () => {
    const authorizer = of({ believed: { yes: 0, no: 0 } });
    expect(await authorizer.authorize(ctx(), pods())).toMatchObject({ until: clock.now() + 60_000 });
    await authorizer.authorize(ctx(), pods());
    expect(asked).toHaveLength(2);
  });

  test('to a very long question is not kept', async () => {
    const authorizer = of();
    for (let at = 0; at < 2; at += 1) await authorizer.authorize(ctx(), pods('x'.repeat(10_000)));
    expect(asked).toHaveLength(2);
  });

  test('is waited for together, also where who asked first has gone', async () => {
    const authorizer = of();
    const gone = new AbortController();
    const first = authorizer.authorize({ ...ctx(), signal: gone.signal }, pods());
    gone.abort(new Error('gone'));
    const all = await Promise.all([first, authorizer.authorize(ctx(), pods())]);
    expect([all.map(({ allowed }) => allowed), asked.length]).toEqual([[true, true], 1]);
  });
});

describe('conditions', () => {
  test('leave out what does not match them', async () => {
    const authorizer = of({}, "request.user == 'jane'", "request.resourceAttributes.name != 'x'");
    expect(await authorizer.authorize(ctx(), pods('x'))).toEqual({ allowed: false, reason: '' });
    expect(asked).toEqual([]);
    expect(await authorizer.authorize(ctx(), pods())).toMatchObject({ allowed: true });
    expect(seen).toEqual(['excluded', 'matches']);
  });

  test.each([
    ['NoOpinion' as const, undefined],
    ['Deny' as const, true],
  ])('that cannot be told are a failure: %s', (failurePolicy, denied) => {
    const decided = of({ failurePolicy }, "request.extra['x'] == []").authorize(ctx(), pods());
    expect(decided).toMatchObject({ allowed: false, error: expect.stringContaining('cel evaluation error') as string });
    expect([(decided as { denied?: boolean }).denied, asked, seen]).toEqual([denied, [], ['failed']]);
  });
});

test.each([
  ['NoOpinion' as const, { allowed: false, error: 'away' }, ['open timeout']],
  ['Deny' as const, { allowed: false, denied: true, error: 'away' }, []],
])('a webhook that cannot be asked is a failure, and asked again the next time: %s', async (policy, expected, told) => {
  trouble = new WebhookFailure('away', 'timeout');
  const authorizer = of({ failurePolicy: policy });
  const decided = await authorizer.authorize(ctx(), pods());
  expect(decided).toEqual({ reason: '', ...expected });
  expect(seen).toEqual(told);
  trouble = undefined;
  expect(await authorizer.authorize(ctx(), pods())).toMatchObject({ allowed: true });
});

test('tells of no rules, and that there may be some', () => {
  expect(of().rulesFor()).toMatchObject({ rules: [], isIncomplete: true });
});
