import { describe, expect, test } from 'vitest';
import { Pacer, SLICE } from './pacer.js';

/** Turns of an event loop that come when the test says so. */
function turns() {
  const due: (() => void)[] = [];
  const pacer = new Pacer((run) => due.push(run));
  const turn = async () => {
    for (const run of due.splice(0)) run();
    // What was let go runs on in microtasks.
    for (let at = 0; at < 100; at += 1) await Promise.resolve();
  };
  return { pacer, turn, due };
}

describe('the sharing of the event loop', () => {
  test('what fits in a slice goes on at once, what does not waits for a turn', async () => {
    const { pacer, turn } = turns();
    const lane = pacer.lane();
    expect(lane.step(SLICE)).toBeUndefined();
    const done: string[] = [];
    void lane.step(1)?.then(() => done.push('second'));
    await Promise.resolve();
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(['second']);
  });

  test('many that wait take no more than a slice a turn together', async () => {
    const { pacer, turn } = turns();
    const lane = pacer.lane();
    lane.spend(SLICE);
    let done = 0;
    for (let at = 0; at < 10; at += 1) lane.later(SLICE / 4, () => (done += 1));
    await turn();
    expect(done).toBe(4);
    await turn();
    expect(done).toBe(8);
  });

  test('what was let go and cost more than it said is paid back by waiting longer', async () => {
    const { pacer, turn } = turns();
    const lane = pacer.lane();
    lane.spend(SLICE);
    const done: number[] = [];
    for (let at = 0; at < 3; at += 1)
      lane.later(1, () => {
        done.push(at);
        lane.spend(3 * SLICE);
      });
    await turn();
    expect(done).toEqual([0]);
    await turn();
    await turn();
    expect(done).toEqual([0]);
    await turn();
    expect(done).toEqual([0, 1]);
  });

  test('operations take turns, however much one of them has waiting', async () => {
    const { pacer, turn } = turns();
    const [busy, other] = [pacer.lane(), pacer.lane()];
    busy.spend(SLICE);
    const done: string[] = [];
    for (let at = 0; at < 1_000; at += 1) busy.later(SLICE / 2, () => done.push('busy'));
    other.later(SLICE / 2, () => done.push('other'));
    await turn();
    expect(done).toEqual(['busy', 'other']);
  });

  test('an operation that has ended waits for nothing, and nobody waits for it', async () => {
    const { pacer, turn } = turns();
    const [ended, other] = [pacer.lane(), pacer.lane()];
    ended.spend(SLICE);
    const done: string[] = [];
    ended.later(1, () => done.push('ended'));
    other.later(1, () => done.push('other'));
    ended.close();
    ended.later(1, () => done.push('later'));
    await turn();
    expect(done).toEqual(['other']);
  });

  test('asks for no turn when nothing is done', async () => {
    const { pacer, turn, due } = turns();
    pacer.lane().spend(10);
    await turn();
    await turn();
    expect(due).toEqual([]);
  });
});
