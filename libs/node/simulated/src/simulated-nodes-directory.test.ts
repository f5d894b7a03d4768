import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { expect, onTestFinished, test } from 'vitest';
import { readSimulatedNode } from './index.js';
import { distinctNodes, SimulatedNodesDirectory } from './simulated-nodes-directory.js';

test('a name and an address belong to the first file that has them, and the others go on', () => {
  const read = (name: string, address: string) => readSimulatedNode(JSON.stringify({ name, address }));
  const { nodes, complaints } = distinctNodes([
    { file: 'a.json', node: read('a', '127.0.0.1') },
    { file: 'b.json', node: read('a', '127.0.0.2') },
    { file: 'c.json', node: read('c', '127.0.0.1') },
    { file: 'd.json', node: read('d', '127.0.0.2') },
  ]);
  expect(nodes.map(({ name }) => name)).toEqual(['a', 'd']);
  expect(complaints).toEqual(['b.json: a.json has the name a', 'c.json: a.json has the address 127.0.0.1']);
});

/** What is told of a directory that is looked at by a clock that is stepped. */
function follow() {
  const directory = mkdtempSync(join(tmpdir(), 'bn-nodes-'));
  const abort = new AbortController();
  const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
  onTestFinished(() => {
    abort.abort();
    rmSync(directory, { recursive: true, force: true });
  });
  const told: string[] = [];
  const followed = new SimulatedNodesDirectory(directory, (nodes, isWhole) => {
    told.push(`${nodes.map(({ name, state }) => `${name} ${state}`).join(', ')}${isWhole ? '' : ' and more'}`);
  });
  const write = (file: string, text: string | object) =>
    writeFileSync(join(directory, file), typeof text === 'string' ? text : JSON.stringify(text));
  const remove = (file: string) => rmSync(join(directory, file));
  const later = async (expected: string) => {
    await expect.poll(() => (ctx.clock.step(20_000), told.at(-1))).toBe(expected);
  };
  return { start: () => followed.start(ctx), write, remove, later, told, directory };
}
const node = (name: string, byte: number, state = 'running') => ({ name, address: `127.0.0.${byte}`, state });

test('a directory is told as it is, and as it changes', async () => {
  const { start, write, remove, later, told } = follow();
  write('a.json', node('a', 1));
  write('notes.txt', 'nothing');
  await start();
  expect(told).toEqual(['a running']);
  write('a.json', node('a', 1, 'stopped'));
  write('b.json', node('b', 2));
  await later('a stopped, b running');
  remove('a.json');
  await later('b running');
});

test('a file that is wrong, empty or in another’s place leaves what was before, and that is told', async () => {
  const { start, write, remove, later } = follow();
  write('a.json', node('a', 1));
  await start();
  write('a.json', '{');
  await later('a running and more');
  write('a.json', '');
  await later('a running and more');
  write('a.json', node('a', 1, 'stopped'));
  await later('a stopped');
  write('b.json', node('a', 2));
  await later('a stopped and more');
  remove('b.json');
  await later('a stopped');
});

test('a directory that is not there tells nothing until it is', async () => {
  const { start, told, directory } = follow();
  rmSync(directory, { recursive: true });
  await start();
  expect(told).toEqual([]);
});
