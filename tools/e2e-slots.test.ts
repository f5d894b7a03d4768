import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', 'apps', 'conformance', 'src');
const SLOT = /\b(?:slot: |slot = |SLOT = )(\d+)/g;
const NODE_PORT = /\b(?:nodePort: |NODE_PORT = )(3[\d_]+)/g;

const files = readdirSync(folder).filter((name) => name.endsWith('.e2e.test.ts'));

/** Which files say each number; files are run two at a time on the ports and addresses of one machine. */
function saidBy(pattern: RegExp): Map<number, Set<string>> {
  const said = new Map<number, Set<string>>();
  for (const name of files) {
    for (const [, number] of readFileSync(join(folder, name), 'utf8').matchAll(pattern)) {
      const at = Number(number?.replace('_', ''));
      said.set(at, (said.get(at) ?? new Set()).add(name));
    }
  }
  return said;
}

const severalOf = (said: Map<number, Set<string>>) =>
  [...said].filter(([, names]) => names.size > 1).map(([at, names]) => `${at}: ${[...names].join(', ')}`);

test('each file with clusters has a slot of its own, of those there are', () => {
  const slots = saidBy(SLOT);
  expect(slots.size).toBeGreaterThan(20);
  expect(severalOf(slots)).toEqual([]);
  expect([...slots.keys()].filter((slot) => slot < 1 || slot > 50)).toEqual([]);
});

test('no two files ask for the same node port, which all have at 127.0.0.1', () => {
  expect(severalOf(saidBy(NODE_PORT))).toEqual([]);
});
