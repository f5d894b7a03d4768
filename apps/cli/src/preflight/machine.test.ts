import { expect, test } from 'vitest';
import { type MachineFacts, machineFacts, memory, nodeVersion, openFiles, processes } from './machine.js';

const MIB = 1024 ** 2;
const enough: MachineFacts = {
  node: '20.19.0',
  memory: 1024 * MIB,
  available: 800 * MIB,
  files: 1024,
  processes: Number.POSITIVE_INFINITY,
};
const findings = (facts: MachineFacts) =>
  [nodeVersion, memory, openFiles, processes].flatMap((check) => check(facts) ?? []);

test('a machine of 1 GiB will do', () => {
  expect(findings(enough)).toEqual([]);
});

test.each<[Partial<MachineFacts>, string]>([
  [{ node: '18.20.0' }, 'Node.js 18.20.0 is too old; install 20.19 or newer'],
  [{ memory: 256 * MIB }, 'there are 256 MiB of memory here, and a cluster needs 640 MiB'],
  [{ available: 100 * MIB }, 'only 100 MiB of memory are available'],
  [{ files: 128 }, 'only 128 open files here, and 512 are needed; raise the limit: ulimit -n'],
  [{ processes: 64 }, 'only 64 processes and threads'],
])('%j is told in one sentence with the mend', (change, sentence) => {
  const found = findings({ ...enough, ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(sentence);
});

test('what cannot be known hinders nobody', () => {
  const unknown = Number.POSITIVE_INFINITY;
  expect(findings({ ...enough, memory: unknown, available: unknown, files: unknown })).toEqual([]);
  expect(machineFacts().files).toBeGreaterThan(0);
});
