import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Gate {
  readonly gate: string;
  readonly stage: 'Beta' | 'GA' | 'Deprecated';
  readonly since: string;
  readonly about: string;
  readonly state: 'kept' | 'missing' | 'not ours yet' | 'internal';
  /** Of what is kept: the test that holds it. */
  readonly file?: string;
  readonly test?: string;
  /** Of what is not ours yet: what it waits for. */
  readonly part?: string;
}

const PAGE = 'docs/feature-gates.md';
const gates = JSON.parse(read('tools/feature-gates/gates.json')) as Gate[];

function heldBy({ state, file = '', test: title = '', part = '' }: Gate): string {
  if (state === 'kept') return `kept: [${file.split('/').at(-1)}](../${file}) “${title.replaceAll('|', '\\|')}”`;
  return part ? `${state}: ${part}` : state;
}

const row = (gate: Gate): string => `| ${gate.gate} | ${gate.stage} ${gate.since} | ${gate.about} | ${heldBy(gate)} |`;

describe('the feature gates that are on by default in 1.36', () => {
  test('are each told of once, with their stage', () => {
    const told = gates.map(({ gate, stage, since }) => `${gate} ${stage} ${since}`);
    expect(told).toEqual(read('tools/feature-gates/upstream-1.36.txt').trimEnd().split('\n'));
    expect(new Set(gates.map(({ gate }) => gate)).size).toBe(gates.length);
  });

  test.each(gates.filter(({ state }) => state === 'kept'))('$gate is held by a test that is there', (gate) => {
    expect(read(gate.file ?? '')).toContain(gate.test);
  });

  test('say what they wait for, where they are not ours', () => {
    for (const { state, part, about } of gates) {
      expect(about).not.toBe('');
      if (state === 'not ours yet') expect(part).toBeTruthy();
    }
  });

  test('are in the page as they are in the list', async () => {
    const [words = ''] = read(PAGE).split(/(?<=\n\|---.*\n)/);
    await expect(words + gates.map((gate) => `${row(gate)}\n`).join('')).toMatchFileSnapshot(join(root, PAGE));
  });
});
