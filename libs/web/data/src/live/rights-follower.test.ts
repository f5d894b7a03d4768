import type { FollowRightsMessage, SubscribeAnswer } from '@binnacle/machinery-live';
import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { RightsFollower } from './rights-follower.js';

let clock: FakeClock;
let follower: RightsFollower;
let asked: FollowRightsMessage[];
let given: string[];
let answer: SubscribeAnswer;
const changed = vi.fn();
const sessionLost = vi.fn();
const status = (code: number): SubscribeAnswer => ({ error: { code, reason: '', message: '' } as never });
const settled = async () => {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
};

beforeEach(() => {
  changed.mockReset();
  sessionLost.mockReset();
  clock = new FakeClock();
  [asked, given, answer] = [[], [], { ok: true }];
  let id = 0;
  const line = {
    followRights: (message: FollowRightsMessage) => (asked.push(message), Promise.resolve(answer)),
    unsubscribe: (each: string) => void given.push(each),
    newId: () => String((id += 1)),
    sessionLost,
  };
  follower = new RightsFollower(line, clock);
});

describe('rights', () => {
  test('are asked anew when the server has told, and is asked to tell again first', async () => {
    follower.connected();
    follower.follow('main', changed);
    await settled();
    expect(asked).toEqual([{ id: '1', cluster: 'main' }]);
    expect(changed).toHaveBeenCalledTimes(1);
    follower.told('1');
    follower.told('1');
    clock.step(99);
    expect(asked).toHaveLength(1);
    clock.step(1);
    expect(changed).toHaveBeenCalledTimes(1);
    await settled();
    expect(asked.at(-1)).toEqual({ id: '2', cluster: 'main' });
    expect(changed).toHaveBeenCalledTimes(2);
    expect(given).toEqual([]);
  });

  test('are asked anew when there is a line again: who knows what has changed meanwhile', async () => {
    follower.follow('main', changed);
    expect(asked).toEqual([]);
    follower.connected();
    await settled();
    follower.disconnected();
    follower.told('1');
    clock.step(10_000);
    expect(asked).toHaveLength(1);
    follower.connected();
    await settled();
    expect(asked).toHaveLength(2);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  test('of a cluster nobody shows any more are let go of', async () => {
    follower.connected();
    const stop = follower.follow('main', changed);
    await settled();
    stop();
    expect(given).toEqual(['1']);
    follower.told('1');
    clock.step(10_000);
    expect(asked).toHaveLength(1);
  });

  test('are not told of by an answer that comes too late', async () => {
    follower.connected();
    follower.follow('main', changed)();
    await settled();
    expect(changed).not.toHaveBeenCalled();
  });

  test('that cannot be followed are tried again', async () => {
    answer = status(403);
    follower.connected();
    follower.follow('main', changed);
    await settled();
    expect(changed).not.toHaveBeenCalled();
    answer = { ok: true };
    clock.step(3_000);
    await settled();
    expect(asked.map(({ id }) => id)).toEqual(['1', '2']);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  test('of who is signed in no longer end the session', async () => {
    answer = status(401);
    follower.connected();
    follower.follow('main', changed);
    await settled();
    expect(sessionLost).toHaveBeenCalledTimes(1);
    clock.step(10_000);
    expect(asked).toHaveLength(1);
  });
});
