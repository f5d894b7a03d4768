import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layout } from '../data-dir/layout.js';
import { Readiness, type StartingCluster } from './readiness.js';

let root: string;
let clock: FakeClock;
let abort: AbortController;
/** What the server answers, by path. */
let answers: Map<string, unknown>;
let ended: string | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bn-'));
  clock = new FakeClock();
  abort = new AbortController();
  answers = new Map();
  ended = undefined;
});
afterEach(() => rmSync(root, { recursive: true }));

function readiness(): Readiness {
  const cluster = {
    dir: layout(root),
    components: ['kube-apiserver'],
    api: {
      get: async (path: string) => answers.get(path),
      list: async (path: string) => answers.get(path),
    },
    kubelet: {
      get hasExited() {
        return ended !== undefined;
      },
      lastWords: () => ended,
    },
    pods: { factsOf: async () => undefined },
  } as unknown as StartingCluster;
  return new Readiness({ clock, signal: abort.signal, logger: silentLogger }, cluster);
}

/** Lets time pass, a look at a time, until the waiting is over or so much has passed. */
async function pass(waiting: Promise<unknown>, milliseconds: number): Promise<'over' | 'waits'> {
  let over = false;
  const settle = () => (over = true);
  waiting.then(settle, settle);
  for (let passed = 0; passed < milliseconds && !over; passed += 100) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.step(100);
  }
  await new Promise((resolve) => setImmediate(resolve));
  return over ? 'over' : 'waits';
}

const object = (name: string, ready: 'True' | 'False'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});

test('waits until the API server says that it is ready', async () => {
  const waiting = readiness().apiServer();
  answers.set('/readyz', { status: 500 });
  expect(await pass(waiting, 1_000)).toBe('waits');
  answers.set('/readyz', { status: 200 });
  expect(await pass(waiting, 1_000)).toBe('over');
});

test('waits for every node that is named, and for no other', async () => {
  const waiting = readiness().nodes(['a', 'b']);
  answers.set('/api/v1/nodes', [object('a', 'True'), object('b', 'False'), object('c', 'True')]);
  expect(await pass(waiting, 1_000)).toBe('waits');
  answers.set('/api/v1/nodes', [object('a', 'True'), object('b', 'True'), object('c', 'False')]);
  expect(await pass(waiting, 1_000)).toBe('over');
});

test('waits for the components by the names that their node gives them', async () => {
  const waiting = readiness().controlPlane(['kube-proxy'], 'control-plane');
  answers.set('/api/v1/namespaces/kube-system/pods', [object('kube-proxy', 'True')]);
  expect(await pass(waiting, 1_000)).toBe('waits');
  answers.set('/api/v1/namespaces/kube-system/pods', [object('kube-proxy-control-plane', 'True')]);
  expect(await pass(waiting, 1_000)).toBe('over');
});

test('waits for the socket of the database', async () => {
  const waiting = readiness().database(join(root, 'socket'));
  expect(await pass(waiting, 500)).toBe('waits');
  mkdirSync(join(root, 'socket'));
  writeFileSync(join(root, 'socket', '.s.PGSQL.5432'), '');
  expect(await pass(waiting, 500)).toBe('over');
});

test('gives up after three minutes, and shows the end of the newest log', async () => {
  const logs = join(layout(root).logs, 'pods', 'kube-system_kube-apiserver-control-plane_uid', 'kube-apiserver');
  mkdirSync(logs, { recursive: true });
  for (const [attempt, text] of [
    [2, 'older'],
    [10, `${'x'.repeat(3_000)}the last words`],
    [9, 'old'],
  ] as const)
    writeFileSync(join(logs, `${attempt}.log`), `${text}\n`);
  const waiting = readiness().apiServer();
  const failure = waiting.catch((error: Error) => error.message);
  expect(await pass(waiting, 179_000)).toBe('waits');
  expect(await pass(waiting, 2_000)).toBe('over');
  expect(await failure).toMatch(/^kube-apiserver is not ready after 180 s; its log ends:\nx+the last words$/);
  expect(String(await failure).length).toBeLessThan(2_100);
});

test('gives up at once when the kubelet has ended, in its last words', async () => {
  const waiting = readiness().apiServer();
  const failure = waiting.catch((error: Error) => error.message);
  ended = 'the port is taken';
  expect(await pass(waiting, 500)).toBe('over');
  expect(await failure).toBe('the kubelet ended: the port is taken');
});

test('ends when it is asked to', async () => {
  const waiting = readiness().apiServer();
  const failure = waiting.catch((error: Error) => error.message);
  await pass(waiting, 200);
  abort.abort(new Error('stopped by the keyboard'));
  expect(await pass(waiting, 500)).toBe('over');
  expect(await failure).toBe('stopped by the keyboard');
});
