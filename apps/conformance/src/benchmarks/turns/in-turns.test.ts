import { expect, it } from 'vitest';
import { inTurns } from './in-turns.js';
import { sidesOf, withAndWithout } from './sides.js';

it('whoever went first goes last the next time', async () => {
  const order: string[] = [];
  const turns = await inTurns(sidesOf('/theirs'), 2, async ({ name }, round) => {
    order.push(`${name} ${round}`);
    return round;
  });
  expect(order).toEqual(['ours 0', 'theirs 0', 'theirs 1', 'ours 1']);
  expect(turns).toEqual({ ours: [0, 1], theirs: [0, 1], plain: [] });
});

it('ours is alone where no program is named, and either where it is asked for', () => {
  expect(sidesOf(undefined)).toEqual([{ name: 'ours' }]);
  expect(sidesOf('/theirs', { side: 'theirs' })).toEqual([{ name: 'theirs', path: '/theirs' }]);
  expect(sidesOf(undefined, { profiles: '/p' })).toEqual([{ name: 'ours', profiles: '/p' }]);
});

it('what something costs is seen by leaving it out', () => {
  expect(withAndWithout(['--less'])).toEqual([{ name: 'ours' }, { name: 'plain', flags: ['--less'] }]);
});
