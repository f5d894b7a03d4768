import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { branchPoints, partsOf } from './cut-names.js';

const names = [
  'fleet-service-with-a-long-name-1-799fdfbd9f-rcmqq',
  'fleet-service-with-a-long-name-1-799fdfbd9f-x2x8k',
  'fleet-service-with-a-long-name-10-5f5df4748c-s98jc',
  'fleet-service-with-a-long-name-4-b874f9774-klrfn',
  'crashing-5bf496d4fd-hj2gd',
];

test('what tells a name from its neighbours is never the part that is cut', () => {
  const branches = branchPoints(names);
  expect(partsOf(names[0] ?? '', branches)).toEqual({
    start: 'fleet-service-with-a-long-name-',
    middle: '1-799fdfbd9f',
    end: '-rcmqq',
  });
  expect(partsOf('crashing-5bf496d4fd-hj2gd', branches)).toEqual({
    start: 'crashing-5bf496d4fd',
    middle: '',
    end: '-hj2gd',
  });
});

test('a Pod of a Deployment with the shortest name is told from the next one', () => {
  const pods = ['w-798b9bc794-lcr47', 'w-798b9bc794-lmcks', 'w-798b9bc794-6h2xz'];
  for (const pod of pods) expect(partsOf(pod, branchPoints(pods)).end).toBe(pod.slice(-6));
});

test.each(names)('the parts of %s are the name', (name) => {
  const { start, middle, end } = partsOf(name, branchPoints(names));
  expect(start + middle + end).toBe(name);
});

test('a short name stays whole, and names that differ early do not count', () => {
  expect(partsOf('worker-10', branchPoints(['worker-10', 'worker-1']))).toEqual({
    start: 'worker-10',
    middle: '',
    end: '',
  });
  expect(branchPoints(['abc', 'abd', 'x']).size).toBe(0);
});

describe('whatever the names', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,10}$/);
  const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('-'));
  const list = fc.uniqueArray(name, { minLength: 1, maxLength: 8 });

  test('the parts of each are the whole of it', () => {
    fc.assert(
      fc.property(list, (all) => {
        const branches = branchPoints(all);
        for (const each of all) {
          const { start, middle, end } = partsOf(each, branches);
          expect(start + middle + end).toBe(each);
        }
      }),
    );
  });

  test('two that begin alike are told apart by what is not cut first', () => {
    fc.assert(
      fc.property(list, (all) => {
        const branches = branchPoints(all);
        const kept = (each: string) => {
          const { start, middle, end } = partsOf(each, branches);
          return end ? middle + end : start;
        };
        for (const a of all) {
          for (const b of all) {
            const alike = a.slice(0, 8) === b.slice(0, 8) && a.length === b.length && a.length >= 14;
            if (a !== b && alike) expect(kept(a)).not.toBe(kept(b));
          }
        }
      }),
    );
  });

  test('their order does not matter', () => {
    fc.assert(fc.property(list, (all) => void expect(branchPoints([...all].reverse())).toEqual(branchPoints(all))));
  });
});
