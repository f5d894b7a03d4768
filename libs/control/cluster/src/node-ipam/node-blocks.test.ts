import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CidrPool } from './cidr-pool.js';
import { NodeBlocks } from './node-blocks.js';

const blocks = () => new NodeBlocks(new CidrPool('10.0.0.0/22', 24));

test('a node is offered the same block until it is seen with one', () => {
  const of = blocks();
  expect([of.offer('a'), of.offer('a'), of.offer('b')]).toEqual(['10.0.0.0/24', '10.0.0.0/24', '10.0.1.0/24']);
  of.seen('a', '10.0.3.0/24');
  expect(['c', 'd', 'e'].map((node) => of.offer(node))).toEqual(['10.0.2.0/24', '10.0.0.0/24', undefined]);
});

test('what a node refused, or had when it went, is for others', () => {
  const of = blocks();
  for (const node of ['a', 'b', 'c', 'd']) of.offer(node);
  of.refused('b');
  expect(of.offer('e')).toBe('10.0.1.0/24');
  of.seen('c', '10.0.2.0/24');
  of.gone('c', '10.0.2.0/24');
  expect(of.offer('f')).toBe('10.0.2.0/24');
});

test('no two nodes ever have one block, whatever is heard in whatever order', () => {
  const step = fc.record({
    node: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    act: fc.constantFrom('lost', 'seen', 'refused', 'gone'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const of = blocks();
      const had = new Map<string, string>();
      for (const { node, act } of steps) {
        if (act === 'gone') {
          of.gone(node, had.get(node));
          had.delete(node);
          continue;
        }
        if (had.has(node)) continue;
        const block = of.offer(node);
        if (!block) continue;
        expect([...had].filter(([other, theirs]) => other !== node && theirs === block)).toEqual([]);
        if (act === 'refused') of.refused(node);
        if (act !== 'seen') continue;
        had.set(node, block);
        of.seen(node, block);
      }
    }),
  );
});
