import { beforeEach, describe, expect, test } from 'vitest';
import {
  knowledgeOf,
  LiveClient,
  type LiveHandlers,
  type LiveTransport,
  type SubscribeAnswer,
  type SubscribeMessage,
} from '../index.js';

class FakeTransport implements LiveTransport {
  handlers!: LiveHandlers;
  readonly subscribed: SubscribeMessage[] = [];
  readonly unsubscribed: string[] = [];
  reopened = 0;
  answer: SubscribeAnswer = { ok: true };
  start(handlers: LiveHandlers): void {
    this.handlers = handlers;
  }
  subscribe(message: SubscribeMessage): Promise<SubscribeAnswer> {
    this.subscribed.push(message);
    return Promise.resolve(this.answer);
  }
  followRights(): Promise<SubscribeAnswer> {
    return Promise.resolve(this.answer);
  }
  unsubscribe(id: string): void {
    this.unsubscribed.push(id);
  }
  reopen(): void {
    this.reopened += 1;
  }
  stop(): void {}
}

class FakeTimers {
  time = 0;
  private due: { at: number; run: () => void }[] = [];
  now = () => this.time;
  after = (milliseconds: number, run: () => void) => {
    const entry = { at: this.time + milliseconds, run };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((other) => other !== entry);
    };
  };
  step(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.time = next.at;
      this.due = this.due.filter((entry) => entry !== next);
      next.run();
    }
    this.time = end;
  }
  /** The page sleeps: when it wakes, everything that was due is late. */
  sleep(milliseconds: number): void {
    this.time += milliseconds;
    const late = this.due.filter((entry) => entry.at <= this.time);
    this.due = this.due.filter((entry) => entry.at > this.time);
    for (const entry of late) entry.run();
  }
  private next(end: number) {
    return this.due.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

const query = { cluster: 'main', group: '', version: 'v1', resource: 'pods' };
const pod = (name: string, uid = name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, uid } });

let transport: FakeTransport;
let timers: FakeTimers;
let client: LiveClient;
let lost: number;

const lastId = () => transport.subscribed.at(-1)?.id ?? '';
const settle = async () => {
  await Promise.resolve();
  await Promise.resolve();
  timers.step(40);
};
const snapshot = (names: string[], options: { first?: boolean; last?: boolean; id?: string } = {}) =>
  transport.handlers.message('snapshot', {
    id: options.id ?? lastId(),
    resourceVersion: '10',
    items: names.map((name) => pod(name)),
    first: options.first ?? true,
    last: options.last ?? true,
  });

beforeEach(() => {
  transport = new FakeTransport();
  timers = new FakeTimers();
  lost = 0;
  client = new LiveClient(transport, timers, () => {
    lost += 1;
  });
});

describe('LiveClient', () => {
  test('shows a list only when all its chunks are here, then follows it', async () => {
    const { view } = client.watch(query);
    transport.handlers.connected();
    snapshot(['a'], { last: false });
    await settle();
    expect(view.get()).toMatchObject({ phase: 'loading', items: [] });
    snapshot(['b'], { first: false });
    transport.handlers.message('changes', {
      id: lastId(),
      resourceVersion: '12',
      changes: [
        { type: 'DELETED', object: pod('a') },
        { type: 'ADDED', object: pod('c') },
      ],
    });
    await settle();
    expect(view.get().items.map((item) => item.metadata.name)).toEqual(['b', 'c']);
    expect(view.get()).toMatchObject({ phase: 'live', resourceVersion: '12' });
  });

  test('resumes from the last revision and ignores messages of the lost subscription', async () => {
    const { view } = client.watch(query);
    transport.handlers.connected();
    snapshot(['a']);
    const old = lastId();
    transport.handlers.message('bookmark', { id: old, resourceVersion: '20' });
    transport.handlers.disconnected();
    await settle();
    expect(view.get()).toMatchObject({ phase: 'stale' });
    expect(view.get().items).toHaveLength(1);
    transport.handlers.connected();
    expect(transport.subscribed.at(-1)).toMatchObject({ resourceVersion: '20' });
    transport.handlers.message('changes', {
      id: old,
      resourceVersion: '99',
      changes: [{ type: 'DELETED', object: pod('a') }],
    });
    transport.handlers.message('bookmark', { id: lastId(), resourceVersion: '20' });
    await settle();
    expect(view.get()).toMatchObject({ phase: 'live', resourceVersion: '20' });
    expect(view.get().items).toHaveLength(1);
  });

  test('asks for the whole list when it cannot resume, showing the old one meanwhile', async () => {
    const { view } = client.watch(query);
    transport.handlers.connected();
    snapshot(['a']);
    transport.handlers.message('relist', { id: lastId(), status: { code: 410, reason: 'Expired' } });
    await settle();
    expect(transport.subscribed).toHaveLength(2);
    expect(transport.subscribed[1]).not.toHaveProperty('resourceVersion');
    expect(view.get().items).toHaveLength(1);
    snapshot(['b']);
    await settle();
    expect(view.get().items.map((item) => item.metadata.name)).toEqual(['b']);
  });

  test('gives a server that failed a moment before it asks again', async () => {
    client.watch(query);
    transport.handlers.connected();
    snapshot(['a']);
    transport.handlers.message('relist', { id: lastId(), status: { code: 500, reason: 'InternalError' } });
    expect(transport.subscribed).toHaveLength(1);
    timers.step(3_000);
    expect(transport.subscribed).toHaveLength(2);
    expect(transport.subscribed[1]).not.toHaveProperty('resourceVersion');
  });

  test('equal queries share one subscription, which lingers', async () => {
    const first = client.watch(query);
    const second = client.watch({ ...query });
    transport.handlers.connected();
    expect(transport.subscribed).toHaveLength(1);
    first.release();
    second.release();
    timers.step(10_000);
    expect(transport.unsubscribed).toEqual([]);
    timers.step(10_001);
    expect(transport.unsubscribed).toHaveLength(1);
  });

  test('says why it was refused and asks again', async () => {
    transport.answer = { error: { code: 403, reason: 'Forbidden', message: 'no' } };
    const { view } = client.watch(query);
    transport.handlers.connected();
    await settle();
    expect(view.get()).toMatchObject({ phase: 'denied', error: { message: 'no' } });
    timers.step(3_000);
    expect(transport.subscribed).toHaveLength(2);
  });

  test('a fault after a lost connection takes nothing away that was seen; a lost right does', async () => {
    const { view } = client.watch(query);
    transport.handlers.connected();
    snapshot(['a']);
    transport.handlers.disconnected();
    transport.answer = { error: { code: 503, reason: 'ServiceUnavailable', message: 'starting' } };
    transport.handlers.connected();
    await settle();
    expect(view.get()).toMatchObject({ phase: 'stale', items: [{ metadata: { name: 'a' } }] });
    transport.answer = { error: { code: 403, reason: 'Forbidden', message: 'no' } };
    timers.step(3_000);
    await settle();
    expect(view.get()).toMatchObject({ phase: 'denied', items: [] });
  });

  test('a lost session is reported', async () => {
    transport.answer = { error: { code: 401, reason: 'Unauthorized' } };
    client.watch(query);
    transport.handlers.connected();
    await settle();
    expect(lost).toBe(1);
  });

  test('paused, what is shown stands still and catches up at once afterwards', async () => {
    const { view } = client.watch(query);
    transport.handlers.connected();
    snapshot(['a']);
    await settle();
    client.pause(true);
    snapshot(['a', 'b']);
    await settle();
    expect(view.get().items).toHaveLength(1);
    client.pause(false);
    timers.step(40);
    expect(view.get().items).toHaveLength(2);
  });

  test('paused, what is opened is filled once and then held', async () => {
    const { view } = client.watch(query);
    transport.handlers.connected();
    client.pause(true);
    snapshot(['a']);
    await settle();
    expect(view.get()).toMatchObject({ phase: 'live', items: [{ metadata: { name: 'a' } }] });
    snapshot(['a', 'b']);
    await settle();
    expect(view.get().items).toHaveLength(1);
  });
});

describe('a line that says nothing', () => {
  const stateOf = () => client.connection.get().state;
  let view: ReturnType<LiveClient['watch']>['view'];

  beforeEach(async () => {
    ({ view } = client.watch(query));
    transport.handlers.connected();
    snapshot(['a']);
    await settle();
  });

  test('is not called live for longer than five seconds, and what is seen is as of when it was last heard', () => {
    timers.step(3_000);
    transport.handlers.heard();
    const heardAt = timers.time;
    timers.step(3_000);
    expect(stateOf()).toBe('live');
    timers.step(2_000);
    expect(client.connection.get()).toMatchObject({ state: 'reconnecting', asOf: heardAt });
    expect(knowledgeOf(view.get(), client.connection.get())).toEqual({ certainty: 'stale', asOf: heardAt });
  });

  test('is live again as soon as something comes, without asking for anything anew', () => {
    timers.step(5_000);
    transport.handlers.heard();
    expect(stateOf()).toBe('live');
    expect(transport.subscribed).toHaveLength(1);
    expect(knowledgeOf(view.get(), client.connection.get()).certainty).toBe('current');
  });

  test('is given up for another when it stays silent; the time of what is seen stays the same', async () => {
    const heardAt = timers.time - 40;
    timers.step(9_000);
    expect(transport.reopened).toBeGreaterThan(0);
    transport.handlers.disconnected();
    await settle();
    expect(client.connection.get()).toMatchObject({ state: 'reconnecting', asOf: heardAt });
    expect(view.get()).toMatchObject({ phase: 'stale', asOf: heardAt });
  });

  test('is doubted at once when the machine has no network', () => {
    transport.handlers.offline();
    expect(stateOf()).toBe('reconnecting');
  });

  test('is given a moment after the page has slept, and no more', () => {
    timers.sleep(3_600_000);
    expect(stateOf()).toBe('live');
    timers.step(1_000);
    expect(transport.reopened + Number(stateOf() === 'reconnecting')).toBeGreaterThan(0);
  });

  test('carries new queries as well, once it is heard again', () => {
    timers.step(5_000);
    client.watch({ ...query, resource: 'nodes' });
    transport.handlers.heard();
    expect(transport.subscribed.at(-1)).toMatchObject({ resource: 'nodes' });
  });
});
