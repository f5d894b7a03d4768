import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden, newServiceUnavailable, type StatusError } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type AskFor,
  type AuthorizationAttributes,
  CREDENTIAL_ID,
  type Decision,
  OpenRights,
  Permit,
  type PermitTerms,
  type UserInfo,
} from '../index.js';

const user: UserInfo = { name: 'ada', groups: [], extra: { [CREDENTIAL_ID]: ['session-1'] } };

let clock: FakeClock;
let ctx: Context;
let open: OpenRights;
let listeners: Map<string, Set<() => void>>;
/** What is decided now; an error is thrown. */
let decide: (attributes: AuthorizationAttributes) => Decision | Error;
let asked: number;

beforeEach(() => {
  clock = new FakeClock();
  ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
  listeners = new Map();
  asked = 0;
  decide = () => ({ allowed: true, reason: '' });
  open = new OpenRights(ctx, {
    onChange: (cluster, listener) => {
      const among = listeners.get(cluster) ?? new Set();
      listeners.set(cluster, among.add(listener));
      return () => among.delete(listener) && among.size === 0 && listeners.delete(cluster);
    },
  });
});

const terms = (): PermitTerms => ({ open, narrows: true });
const ask: AskFor = (_, attributes) => {
  asked += 1;
  const decision = decide(attributes);
  if (decision instanceof Error) throw decision;
  if (!decision.allowed && !decision.namespaces) throw newForbidden({ group: '', resource: 'pods' }, '', 'no');
  return Permit.of(attributes, decision, ask, terms());
};

const attributesOf = (verb: string, cluster = 'main', who = user): AuthorizationAttributes => {
  const resource = { group: '', version: 'v1', resource: 'pods', subresource: '', namespace: '', name: '' };
  return { user: who, cluster, verb, resource };
};
const permit = (verb = 'watch', cluster = 'main', who = user) =>
  Permit.of(attributesOf(verb, cluster, who), { allowed: true, reason: '' }, ask, terms());
const changed = (cluster = 'main') => listeners.get(cluster)?.forEach((listener) => listener());
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

function holder() {
  const told: (string | readonly string[])[] = [];
  return {
    told,
    end: (why: StatusError) => void told.push(why.reason),
    narrow: (some: ReadonlySet<string> | undefined) => void told.push(some ? [...some] : 'all'),
  };
}

const NO: Decision = { allowed: false, reason: '' };
const SOME: Decision = { allowed: false, reason: '', namespaces: new Set(['a']) };

test("what is allowed no more ends once, when its cluster's rights change and not before", async () => {
  const [here, there] = [holder(), holder()];
  permit().hold(here);
  permit('watch', 'lab').hold(there);
  await settled();
  decide = () => NO;
  await settled();
  expect(here.told).toEqual([]);
  changed();
  changed();
  await settled();
  changed();
  await settled();
  expect([here.told, there.told]).toEqual([['Forbidden'], []]);
});

test('what changed between the decision and the opening is found out', async () => {
  const late = permit();
  decide = () => NO;
  const one = holder();
  late.hold(one);
  await settled();
  expect(one.told).toEqual(['Forbidden']);
});

test('what is let go of is not asked for, and nobody listens to its cluster any more', async () => {
  const one = holder();
  const letGo = permit().hold(one);
  await settled();
  expect([listeners.has('main'), open.size]).toEqual([true, 1]);
  letGo();
  letGo();
  expect([listeners.has('main'), open.size]).toEqual([false, 0]);
  decide = () => NO;
  open.revoke({ user: 'ada' });
  await settled();
  expect(one.told).toEqual([]);
});

test('of the past it is held in the present', async () => {
  const one = holder();
  permit('watch', 'main@42').hold(one);
  await settled();
  decide = () => NO;
  changed('main');
  await settled();
  expect(one.told).toEqual(['Forbidden']);
});

test('other namespaces are told, the same are not', async () => {
  const one = holder();
  permit().hold(one);
  for (const decision of [SOME, { ...SOME, namespaces: new Set(['a']) }, { allowed: true, reason: '' }, NO]) {
    decide = () => decision;
    changed();
    await settled();
  }
  expect(one.told).toEqual([['a'], 'all', 'Forbidden']);
});

test('who wants to know is told of every change that leaves it allowed', async () => {
  let kept = 0;
  const one = { ...holder(), kept: () => void (kept += 1) };
  permit().hold(one);
  await settled();
  expect(kept).toBe(1);
  changed();
  await settled();
  expect(kept).toBe(2);
  decide = () => NO;
  changed();
  await settled();
  expect([kept, one.told]).toEqual([2, ['Forbidden']]);
});

test('everything must stay allowed: what was asked besides, and to be whom one is', async () => {
  const { user: admin, ...act } = attributesOf('impersonate', 'main', { name: 'root', groups: [] });
  const acting: UserInfo = { ...user, impersonator: { user: admin, acts: [act] } };
  for (const lost of ['create', 'impersonate']) {
    decide = () => ({ allowed: true, reason: '' });
    const get = permit('get', 'main', acting);
    await get.also(ctx, 'create');
    const one = holder();
    get.hold(one);
    await settled();
    decide = ({ verb }) => (verb === lost ? NO : { allowed: true, reason: '' });
    changed();
    await settled();
    expect(one.told, lost).toEqual(['Forbidden']);
  }
});

test('that nobody can be asked ends nothing, and is asked again', async () => {
  const one = holder();
  permit().hold(one);
  await settled();
  decide = () => newServiceUnavailable('later');
  changed();
  await settled();
  expect(one.told).toEqual([]);
  decide = () => NO;
  clock.step(1_000);
  await settled();
  expect(one.told).toEqual(['Forbidden']);
  expect(clock.pending).toBe(0);
});

test.each([
  ['a user', { user: 'ada' }, true],
  ['somebody else', { user: 'bob' }, false],
  ['a session', { credential: 'session-1' }, true],
  ['another session', { credential: 'session-2' }, false],
  ['a user of another cluster', { user: 'ada', cluster: 'lab' }, false],
  ['a user of the cluster', { user: 'ada', cluster: 'main' }, true],
])('a revocation of %s', async (_, revocation, ends) => {
  const [before, between, after] = [holder(), holder(), holder()];
  permit().hold(before);
  const decided = permit();
  open.revoke(revocation);
  expect(before.told).toEqual(ends ? ['Unauthorized'] : []);
  decided.hold(between);
  permit().hold(after);
  await settled();
  expect([between.told, after.told]).toEqual([ends ? ['Unauthorized'] : [], []]);
});

test('who is impersonated ends with who impersonates', async () => {
  const acting: UserInfo = { ...user, impersonator: { user: { name: 'root', groups: [] }, acts: [] } };
  const one = holder();
  permit('watch', 'main', acting).hold(one);
  open.revoke({ user: 'root' });
  expect(one.told).toEqual(['Unauthorized']);
});

describe('a proof that ends', () => {
  const until = (seconds: number, of: UserInfo = user): UserInfo => ({
    ...of,
    expiresAt: clock.now() + seconds * 1000,
  });

  test('ends what was opened by it, then and not before', async () => {
    const [soon, later, never] = [holder(), holder(), holder()];
    permit('watch', 'main', until(60)).hold(soon);
    permit('watch', 'lab', until(60)).hold(soon);
    permit('watch', 'main', until(90)).hold(later);
    permit().hold(never);
    await settled();
    clock.step(59_999);
    expect(soon.told).toEqual([]);
    clock.step(1);
    expect([soon.told, later.told]).toEqual([['Unauthorized', 'Unauthorized'], []]);
    clock.step(30_000);
    expect([later.told, never.told]).toEqual([['Unauthorized'], []]);
  });

  test('is that of who impersonates as well', async () => {
    const one = holder();
    permit('watch', 'main', { ...until(60), impersonator: { user: until(30), acts: [] } }).hold(one);
    clock.step(30_000);
    expect(one.told).toEqual(['Unauthorized']);
  });

  test('that had ended before something was opened by it ends that at once', () => {
    const one = holder();
    permit('watch', 'main', until(-1)).hold(one);
    clock.step(0);
    expect(one.told).toEqual(['Unauthorized']);
  });

  test('is not waited for once nothing is open by it', () => {
    const who = until(60);
    const letGo = [permit('watch', 'main', who).hold(holder()), permit('watch', 'main', who).hold(holder())];
    expect(clock.pending).toBe(1);
    for (const end of letGo) end();
    expect(clock.pending).toBe(0);
  });

  test('is not taken for ended where a timer is early', () => {
    const one = holder();
    // No timer of the machine is longer than 24.8 days.
    const early = {
      now: () => clock.now(),
      after: (delay: number, call: () => void) => clock.after(Math.min(delay, 25_000), call),
    };
    open = new OpenRights({ ...ctx, clock: early }, { onChange: () => () => undefined });
    permit('watch', 'main', until(60)).hold(one);
    for (let second = 0; second < 59; second += 1) clock.step(1_000);
    expect(one.told).toEqual([]);
    clock.step(2_000);
    expect(one.told).toEqual(['Unauthorized']);
  });
});

test('a right that holds for a while is asked for again when that is over, and when others decide', async () => {
  const one = holder();
  decide = () => ({ allowed: true, reason: '', until: clock.now() + 60_000 });
  permit().hold(one);
  await settled();
  asked = 0;
  clock.step(59_999);
  await settled();
  expect(asked).toBe(0);
  clock.step(1);
  await settled();
  expect(asked).toBe(1);
  open.reconsider();
  await settled();
  expect([asked, clock.pending]).toEqual([2, 1]);
  decide = () => NO;
  clock.step(60_000);
  await settled();
  expect([one.told, clock.pending]).toEqual([['Forbidden'], 0]);
});

test('a right that holds no longer than now is not asked for without end', async () => {
  decide = () => ({ allowed: true, reason: '', until: clock.now() });
  const letGo = permit().hold(holder());
  await settled();
  asked = 0;
  clock.step(0);
  await settled();
  expect(asked).toBe(0);
  clock.step(1_000);
  await settled();
  expect(asked).toBe(1);
  letGo();
  expect(clock.pending).toBe(0);
});

test('a connection is held by who opened it alone, and asks for no right', async () => {
  const [one, other] = [holder(), holder()];
  const { sequence: since } = open;
  open.hold({ user, cluster: 'main', since }, one);
  open.hold({ user: { name: 'bob', groups: [] }, cluster: 'main', since }, other);
  decide = () => NO;
  changed();
  await settled();
  expect([one.told, asked]).toEqual([[], 0]);
  open.revoke({ credential: 'session-1' });
  expect([one.told, other.told]).toEqual([['Unauthorized'], []]);
});

test('of more revocations than are remembered, what was decided before them ends', async () => {
  const old = permit();
  for (let at = 0; at < 1_500; at += 1) open.revoke({ user: `user-${at}` });
  const one = holder();
  old.hold(one);
  await settled();
  expect(one.told).toEqual(['Unauthorized']);
});

test('many are asked in turns, each once a change', async () => {
  for (let at = 0; at < 350; at += 1) permit().hold(holder());
  await settled();
  asked = 0;
  changed();
  changed();
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(asked).toBe(100);
  await settled();
  expect(asked).toBe(350);
});

test('an answer that comes after a later one is not looked at', async () => {
  const answers: ((decision: Decision) => void)[] = [];
  const slow: AskFor = (_, attributes) =>
    new Promise<Decision>((resolve) => answers.push(resolve)).then((decision) =>
      Permit.of(attributes, decision, slow, terms()),
    );
  const one = holder();
  Permit.of(attributesOf('watch'), { allowed: true, reason: '' }, slow, terms()).hold(one);
  await settled();
  changed();
  await settled();
  answers[1]?.(SOME);
  await settled();
  answers[0]?.({ allowed: false, reason: '', namespaces: new Set(['b']) });
  await settled();
  expect(one.told).toEqual([['a']]);
});

test('those in system:masters are not narrowed, nor is what is asked for in one namespace', () => {
  const master = { name: 'admin', groups: ['system:masters'] };
  expect([permit().isNarrowable, permit('get').isNarrowable, permit('watch', 'main', master).isNarrowable]).toEqual([
    true,
    false,
    false,
  ]);
});
