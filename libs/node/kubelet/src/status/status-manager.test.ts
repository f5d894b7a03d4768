import type { Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import { newConflict, newNotFound, newServiceUnavailable } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext, podOf } from '../testing/fakes.js';
import { type ApiIdentity, StatusManager } from './status-manager.js';

const PODS = { group: '', resource: 'pods' };
let ctx = fakeContext();
let sent: { name: string; uid: string; status: PodStatus }[] = [];
let deleted: string[] = [];
/** What the next requests are answered with; undefined is success. */
let answers: (Error | Promise<void> | undefined)[] = [];
let mirror: ApiIdentity | undefined;
let manager: StatusManager;

beforeEach(() => {
  ctx = fakeContext();
  [sent, deleted, answers, mirror] = [[], [], [], undefined];
  const answer = async () => {
    const next = answers.shift();
    if (next instanceof Error) throw next;
    await next;
  };
  const pods = {
    patch: async (
      _ctx: unknown,
      { name }: { name: string },
      _type: string,
      body: { metadata: { uid: string }; status: PodStatus },
    ) => {
      sent.push({ name, uid: body.metadata.uid, status: body.status });
      await answer();
      return { ...podOf(), metadata: { ...podOf().metadata, resourceVersion: String(10 * sent.length) } };
    },
    delete: async (_ctx: unknown, { name }: { name: string }, options: object) => {
      deleted.push(`${name} ${JSON.stringify(options)}`);
      await answer();
    },
  } as unknown as ResourceClient<Pod>;
  manager = new StatusManager(ctx, pods, () => mirror);
});

const running: PodStatus = { phase: 'Running', podIP: '10.0.0.1' };
const turn = () => new Promise((resolve) => setImmediate(resolve));
const phases = () => sent.map(({ status }) => status.phase);

describe('a status', () => {
  test('is told as what changed since it was last told', async () => {
    manager.set(podOf(), running, 'api');
    await turn();
    manager.set(podOf(), { ...running, podIP: '10.0.0.2' }, 'api');
    await turn();
    expect(sent).toEqual([
      { name: 'p', uid: 'u', status: running },
      { name: 'p', uid: 'u', status: { podIP: '10.0.0.2' } },
    ]);
  });

  test('that the object shows already is not told', async () => {
    manager.set({ ...podOf(), status: running }, running, 'api');
    await turn();
    expect(sent).toEqual([]);
  });

  describe('that somebody else made another of', () => {
    const ready = (status: 'True' | 'False') => ({ ...running, conditions: [{ type: 'Ready', status }] });
    const shown = (revision: number, status: PodStatus): Pod => {
      const pod = podOf();
      return { ...pod, metadata: { ...pod.metadata, resourceVersion: String(revision) }, status };
    };

    test.each<[string, Pod, number]>([
      ['is told again', shown(11, ready('False')), 2],
      ['long ago is not', shown(9, ready('False')), 1],
      ['in no way that counts is not', shown(11, { ...ready('True'), message: 'other' }), 1],
    ])('%s', async (_, seen, times) => {
      manager.set(podOf(), ready('True'), 'api');
      await turn();
      manager.seen(seen);
      await turn();
      expect(sent).toHaveLength(times);
      if (times > 1) expect(sent[1]?.status.conditions).toMatchObject([{ type: 'Ready', status: 'True' }]);
    });

    test('while it is being told is told again after it', async () => {
      let answer = (): void => undefined;
      answers = [new Promise<void>((resolve) => (answer = resolve))];
      manager.set(podOf(), ready('True'), 'api');
      manager.seen(shown(11, ready('False')));
      await turn();
      expect(sent).toHaveLength(1);
      answer();
      await turn();
      expect(sent).toHaveLength(2);
    });
  });

  test('of a Pod that is about to run waits a moment for what comes next', async () => {
    manager.set(podOf(), { phase: 'Pending' }, 'api');
    ctx.clock.step(149);
    await turn();
    expect(sent).toEqual([]);
    manager.set(podOf(), running, 'api');
    ctx.clock.step(1);
    await turn();
    expect(phases()).toEqual(['Running']);
  });

  test('that changes while it is being told is told once more, only the newest', async () => {
    let release = () => undefined as void;
    answers = [new Promise<void>((resolve) => (release = resolve))];
    manager.set(podOf(), running, 'api');
    await turn();
    for (const podIP of ['10.0.0.2', '10.0.0.3', '10.0.0.4']) manager.set(podOf(), { ...running, podIP }, 'api');
    await turn();
    expect(sent).toHaveLength(1);
    release();
    await turn();
    expect(sent.map(({ status }) => status.podIP)).toEqual(['10.0.0.1', '10.0.0.4']);
  });

  test('that could not be told is told again, ever more seldom, up to ten seconds', async () => {
    answers = Array.from({ length: 12 }, () => newServiceUnavailable('no API server'));
    manager.set(podOf(), running, 'api');
    await turn();
    const pauses: number[] = [];
    for (let tries = sent.length; tries < 13; tries = sent.length) {
      const at = ctx.clock.now();
      ctx.clock.stepTo(ctx.clock.nextAt ?? at);
      await turn();
      pauses.push((ctx.clock.now() - at) / 1000);
    }
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
    expect(ctx.clock.pending).toBe(0);
  });

  test('of a Pod that is forgotten meanwhile is not told any more', async () => {
    answers = [newServiceUnavailable('no API server')];
    manager.set(podOf(), running, 'api');
    await turn();
    manager.forget(podOf());
    ctx.clock.step(60_000);
    await turn();
    expect(sent).toHaveLength(1);
  });

  test.each([newNotFound(PODS, 'p'), newConflict(PODS, 'p')])(
    'of an object that is another by now is not insisted on: %s',
    async (error) => {
      answers = [error];
      manager.set(podOf(), running, 'api');
      await turn();
      ctx.clock.step(60_000);
      await turn();
      expect(sent).toHaveLength(1);
    },
  );
});

describe('the status of a static Pod', () => {
  test('waits for its mirror, and is told to that', async () => {
    manager.set(podOf(), running, 'file');
    await turn();
    expect(sent).toEqual([]);
    mirror = { name: 'p', namespace: 'ns', uid: 'mirror' };
    manager.resync();
    await turn();
    expect(sent).toEqual([{ name: 'p', uid: 'mirror', status: running }]);
  });

  test('is told whole to a new mirror, as it shows nothing yet', async () => {
    mirror = { name: 'p', namespace: 'ns', uid: 'first' };
    manager.set(podOf(), running, 'file');
    await turn();
    mirror = { name: 'p', namespace: 'ns', uid: 'second', status: { phase: 'Pending' } };
    manager.resync();
    await turn();
    expect(sent.at(-1)).toEqual({ name: 'p', uid: 'second', status: running });
    manager.resync();
    await turn();
    expect(sent).toHaveLength(2);
  });

  test('does not end with an object being deleted: nobody made one', async () => {
    mirror = { name: 'p', namespace: 'ns', uid: 'mirror' };
    await manager.finish(ctx, podOf(), 'file');
    expect(deleted).toEqual([]);
  });
});

describe('the end of a Pod', () => {
  test('is told before its object is deleted, at once and by its uid', async () => {
    let release = () => undefined as void;
    answers = [new Promise<void>((resolve) => (release = resolve))];
    manager.set(podOf(), running, 'api');
    await turn();
    manager.set(podOf(), { ...running, phase: 'Succeeded' }, 'api');
    const finished = manager.finish(ctx, podOf(), 'api');
    await turn();
    expect(deleted).toEqual([]);
    release();
    await finished;
    expect(phases()).toEqual(['Running', 'Succeeded']);
    expect(deleted).toEqual(['p {"gracePeriodSeconds":0,"preconditions":{"uid":"u"}}']);
  });

  test.each([newNotFound(PODS, 'p'), newConflict(PODS, 'p')])(
    'has come where the object is gone or another: %s',
    async (error) => {
      answers = [error];
      await expect(manager.finish(ctx, podOf(), 'api')).resolves.toBeUndefined();
    },
  );

  test('has not come where it could not be told', async () => {
    answers = [newServiceUnavailable('no API server')];
    await expect(manager.finish(ctx, podOf(), 'api')).rejects.toThrow('no API server');
  });
});
