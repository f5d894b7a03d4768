import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeRejection } from './rejection.js';
import { EXAMPLES, RejectionTable, rejectionsOf, rejectorsIn } from './rejections.js';

const said = (plugin: string): NodeRejection => ({ plugin, reasons: [plugin], unresolvable: false });

test('what nodes said is found again by row, in the order of rows, and counted by what it was', () => {
  const rows = fc.uniqueArray(fc.nat(40), { maxLength: 20 });
  fc.assert(
    fc.property(rows, fc.array(fc.nat(2), { minLength: 20, maxLength: 20 }), (all, choices) => {
      const words = ['A', 'B', 'C'].map(said);
      const table = new RejectionTable(40);
      const kinds = words.map((one) => table.kind(one));
      const plain = new Map<number, NodeRejection>();
      const sorted = [...all].sort((a, b) => a - b);
      for (const [at, row] of sorted.entries()) {
        table.add(row, kinds[choices[at] as number] as number);
        plain.set(row, words[choices[at] as number] as NodeRejection);
      }
      expect([...table]).toEqual([...plain]);
      expect(table.size).toBe(plain.size);
      for (let row = 0; row <= 41; row += 1) expect(table.get(row)).toBe(plain.get(row));
      for (const { rejection, nodes, first } of table.kinds) {
        const of = sorted.filter((row) => plain.get(row) === rejection);
        expect([nodes, first]).toEqual([of.length, of.slice(0, EXAMPLES)]);
      }
      expect(rejectorsIn(table)).toEqual(new Set([...plain.values()].map(({ plugin }) => plugin)));
      expect([...rejectionsOf(plain)]).toEqual([...plain]);
    }),
  );
});
