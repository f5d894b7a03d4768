import { describe, expect, test } from 'vitest';
import { type Ending, endReason, hasEnded, throwIfEnded, whenEnded } from './ending.js';

/** What has an ending of its own has no signal until somebody asks for it. */
class Own implements Ending {
  aborted = false;
  reason: unknown;
  asked = 0;
  private readonly listeners = new Set<() => void>();
  get signal(): AbortSignal {
    this.asked += 1;
    return AbortSignal.abort();
  }
  get ending(): Ending {
    return this;
  }
  onEnd(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.listeners) listener();
  }
}

const ofASignal = () => {
  const controller = new AbortController();
  return { ctx: { signal: controller.signal }, abort: (why: Error) => controller.abort(why), asked: () => 0 };
};
const ofItsOwn = () => {
  const own = new Own();
  return { ctx: own, abort: (why: Error) => own.abort(why), asked: () => own.asked };
};

describe.each([
  ['a signal', ofASignal],
  ['an ending of its own', ofItsOwn],
])('a context with %s', (_, make) => {
  test('tells that it has ended and why, to who looks and to who waits', () => {
    const { ctx, abort, asked } = make();
    const told: string[] = [];
    const cancel = whenEnded(ctx, () => told.push('left'));
    whenEnded(ctx, () => told.push('waits'));
    cancel();
    throwIfEnded(ctx);
    expect([hasEnded(ctx), told]).toEqual([false, []]);
    abort(new Error('gone'));
    expect([hasEnded(ctx), endReason(ctx), told]).toEqual([true, new Error('gone'), ['waits']]);
    expect(() => throwIfEnded(ctx)).toThrow('gone');
    expect(asked()).toBe(0);
  });
});
