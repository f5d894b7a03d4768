import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { ensureNodes, listNodes } from '../nodes.js';
import { switchNode } from './switch-node.js';

let dir: DataDir;
beforeEach(() => {
  dir = layout(mkdtempSync(join(tmpdir(), 'switch-node-')));
  ensureNodes(dir, 1, '127.0.0');
});
afterEach(() => rmSync(dir.root, { recursive: true }));

test('what was done with a node is said in one line, and what there was not to do', () => {
  expect(switchNode(dir, 'worker-1', 'running')).toBe('worker-1 is running already');
  expect(switchNode(dir, 'worker-1', 'stopped')).toMatch(/^Stopped worker-1; its heartbeats end, [^\n]+$/);
  expect(listNodes(dir)[0]?.state).toBe('stopped');
  expect(switchNode(dir, 'worker-1', 'stopped')).toBe('worker-1 is stopped already');
  expect(switchNode(dir, 'worker-1', 'running')).toMatch(/^Started worker-1; [^\n]+$/);
});
