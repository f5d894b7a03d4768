import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataDir, layout } from './data-dir/layout.js';
import { addNode, ensureNodes, listNodes, setNodeState } from './nodes.js';

let dir: DataDir;
beforeEach(() => {
  dir = layout(mkdtempSync(join(tmpdir(), 'bn-')));
});
afterEach(() => rmSync(dir.root, { recursive: true }));

test('nodes get addresses of their own and keep them', () => {
  ensureNodes(dir, 3, '127.0.0');
  ensureNodes(dir, 3, '127.0.0');
  addNode(dir, { name: 'big', cpu: '64', devices: 'gpu=2,nic' });
  expect(listNodes(dir).map((node) => [node.name, node.address])).toEqual([
    ['big', '127.0.0.14'],
    ['worker-1', '127.0.0.11'],
    ['worker-2', '127.0.0.12'],
    ['worker-3', '127.0.0.13'],
  ]);
});

test('a node that is added is on the network of the others', () => {
  ensureNodes(dir, 1, '127.0.1');
  expect(addNode(dir, { name: 'big' }).address).toBe('127.0.1.12');
});

test('a file that is none of a node is named', () => {
  ensureNodes(dir, 1, '127.0.0');
  const file = join(dir.nodes, 'worker-1.json');
  writeFileSync(file, '{');
  expect(() => listNodes(dir)).toThrow(file);
});

test('a stopped node stays stopped over a restart', () => {
  ensureNodes(dir, 1, '127.0.0');
  setNodeState(dir, 'worker-1', 'stopped');
  ensureNodes(dir, 1, '127.0.0');
  expect(listNodes(dir)[0]?.state).toBe('stopped');
});

test.each([
  ['an unknown node', () => setNodeState(dir, 'worker-9', 'stopped'), 'no simulated node "worker-9"'],
  ['a CPU that is no quantity', () => addNode(dir, { name: 'one', cpu: 'lots' }), '--cpu must be a quantity'],
  ['no memory at all', () => addNode(dir, { name: 'one', memory: '0' }), '--memory must be a quantity above 0'],
  ['devices that are none', () => addNode(dir, { name: 'one', devices: 'gpu=many' }), '--devices must be kinds'],
  ['a name Kubernetes would not take', () => addNode(dir, { name: 'Big_Node' }), 'is no node name'],
  ['a name with an empty part', () => addNode(dir, { name: 'a..b' }), '"a..b" is no node name'],
  ['a name that leads elsewhere', () => addNode(dir, { name: '../x' }), 'is no node name'],
  ['a name too long for a label', () => addNode(dir, { name: 'a'.repeat(64) }), 'no longer than 63 characters'],
  ["the control plane's name", () => addNode(dir, { name: 'control-plane' }), 'the node that runs the control plane'],
])('%s is refused', (_, act, message) => {
  expect(act).toThrow(message);
});

test('a name is given once', () => {
  addNode(dir, { name: 'one' });
  expect(() => addNode(dir, { name: 'one' })).toThrow('already a node');
});
