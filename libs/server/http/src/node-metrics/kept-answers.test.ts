import { describe, expect, test } from 'vitest';
import { KeptAnswers } from './kept-answers.js';
import type { MeasuredNode } from './measured.js';
import { Turnstile } from './turnstile.js';

const measured = (size = 1): MeasuredNode => ({ time: '', nanoCores: 0, bytes: 0, pods: new Map(), size });

describe('answers', () => {
  async function asked(kept: KeptAnswers, key: string, now: number, answer?: MeasuredNode): Promise<boolean> {
    let isAsked = false;
    await kept.of(key, now, async () => {
      isAsked = true;
      if (!answer) throw new Error('nobody is there');
      return answer;
    });
    return isAsked;
  }

  test('are new for ten seconds', async () => {
    const kept = new KeptAnswers();
    expect(await asked(kept, 'a', 0, measured())).toBe(true);
    expect(await asked(kept, 'a', 9_999, measured())).toBe(false);
    expect(await asked(kept, 'a', 10_000, measured())).toBe(true);
  });

  test('that do not come are not waited for again for half a minute', async () => {
    const kept = new KeptAnswers();
    expect(await asked(kept, 'a', 0)).toBe(true);
    expect(await asked(kept, 'a', 29_999)).toBe(false);
    expect(await asked(kept, 'a', 30_000)).toBe(true);
  });

  test('of too many nodes make room for each other, the oldest first', async () => {
    const kept = new KeptAnswers({ nodes: 2, containers: 100 });
    for (const key of ['a', 'b', 'c']) await asked(kept, key, 0, measured());
    expect(await asked(kept, 'c', 1, measured())).toBe(false);
    expect(await asked(kept, 'a', 1, measured())).toBe(true);
  });

  test('that are too long make room too', async () => {
    const kept = new KeptAnswers({ nodes: 10, containers: 100 });
    for (const key of ['a', 'b']) await asked(kept, key, 0, measured(60));
    expect(await asked(kept, 'b', 1, measured())).toBe(false);
    expect(await asked(kept, 'a', 1, measured())).toBe(true);
    // Larger than all that is kept: told once.
    await asked(kept, 'c', 2, measured(500));
    expect(await asked(kept, 'c', 2, measured())).toBe(true);
  });
});

test('a turnstile lets so many in at a time, and each in the end', async () => {
  const turnstile = new Turnstile(2);
  const [inside, over]: [Set<number>, number[]] = [new Set(), []];
  let most = 0;
  const work = (number: number) =>
    turnstile.through(async () => {
      most = Math.max(most, inside.add(number).size);
      for (let wait = 0; wait < 3; wait += 1) await Promise.resolve();
      inside.delete(number);
      over.push(number);
      if (number === 2) throw new Error('one fails');
    });
  await Promise.allSettled([1, 2, 3, 4, 5].map(work));
  expect([most, over]).toEqual([2, [1, 2, 3, 4, 5]]);
});
