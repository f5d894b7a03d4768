import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ExecTimeoutError } from '@binnacle/node-cri';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext, podOf, runOf, runtimeOf, sandboxOf, toldEvents } from '../testing/fakes.js';
import { type HookTarget, runHook } from './hooks.js';
import type { NodeServices } from './services.js';
import { stopContainer, stopContainers } from './termination.js';

let ctx = fakeContext();
let stops: string[];
let told: string[];
let exec: (command: readonly string[], timeout: number) => Promise<number>;
/** How long a container takes to stop, in seconds. */
let slow: number;
let node: NodeServices;

beforeEach(() => {
  ctx = fakeContext();
  [stops, slow, exec] = [[], 0, async () => 0];
  const heard = toldEvents();
  told = heard.told;
  const runtime = runtimeOf({
    stopContainer: async (_, id, seconds) => {
      stops.push(`${id} ${seconds}`);
      ctx.clock.step(slow * 1000);
    },
    execSync: async (_, _id, command, timeout) => ({
      exitCode: await exec(command, timeout),
      stdout: Buffer.alloc(0),
      stderr: Buffer.from('oh no'),
    }),
    reach: async (_, _sandbox, host, port) => {
      throw Object.assign(new Error(`${host}:${port}`), { code: 'ECONNREFUSED' });
    },
  });
  node = { ctx, runtime, events: heard.events } as unknown as NodeServices;
});

const withHook = (preStop: object): Pod =>
  podOf({ containers: [{ name: 'main', image: 'app', lifecycle: { preStop } }] });
const stop = (graceSeconds: number) => ({
  graceSeconds,
  podIp: '10.0.0.1',
  message: (name: string) => `Stopping container ${name}`,
});

describe('a container is stopped', () => {
  test('with all of its grace', async () => {
    await stopContainer(ctx, node, podOf(), runOf('main'), stop(30));
    expect([stops, told]).toEqual([['main-0 30'], ['Normal Killing: Stopping container main']]);
  });

  test.each<[string, number, number, number]>([
    ['what its handler took less', 10, 30, 20],
    ['at least two seconds, however long that took', 29, 30, 2],
    ['even after all of it', 40, 30, 2],
  ])('with %s', async (_, took, grace, left) => {
    exec = async () => {
      ctx.clock.step(took * 1000);
      return 0;
    };
    await stopContainer(ctx, node, withHook({ exec: { command: ['x'] } }), runOf('main'), stop(grace));
    expect(stops).toEqual([`main-0 ${left}`]);
  });

  test('though its handler fails, which is told', async () => {
    exec = async () => 3;
    await stopContainer(ctx, node, withHook({ exec: { command: ['a', 'b'] } }), runOf('main'), stop(30));
    expect(stops).toEqual(['main-0 30']);
    expect(told[1]).toBe("Warning FailedPreStopHook: PreStopHook failed: command 'a b' exited with 3: oh no");
  });

  test('without its handler where it has no grace', async () => {
    exec = () => Promise.reject(new Error('not to be run'));
    await stopContainer(ctx, node, withHook({ exec: { command: ['x'] } }), runOf('main'), stop(0));
    expect([stops, told]).toEqual([['main-0 0'], ['Normal Killing: Stopping container main']]);
  });
});

describe('a Pod is stopped', () => {
  const sidecar = (name: string): Container => ({ name, image: 'app', restartPolicy: 'Always' });
  const pod = podOf({
    initContainers: [{ name: 'once', image: 'app' }, sidecar('first'), sidecar('second')],
    containers: [
      { name: 'main', image: 'app' },
      { name: 'other', image: 'app' },
    ],
  });
  const state = (...names: string[]) => ({ sandboxes: [sandboxOf()], containers: names.map((name) => runOf(name)) });

  test('main containers first, sidecars after them from the last to the first', async () => {
    await stopContainers(ctx, node, pod, state('first', 'main', 'second', 'other'), stop(30));
    expect(stops).toEqual(['main-0 30', 'other-0 30', 'second-0 30', 'first-0 30']);
  });

  test('sidecars with what is left of the grace, one second at least', async () => {
    slow = 16;
    await stopContainers(ctx, node, pod, state('main', 'first', 'second'), stop(30));
    expect(stops).toEqual(['main-0 30', 'second-0 14', 'first-0 1']);
  });

  test('without what has ended already', async () => {
    const ended = {
      ...state('main'),
      containers: [runOf('main', { exitCode: 0 }), runOf('first', { state: 'created' })],
    };
    await stopContainers(ctx, node, pod, ended, stop(30));
    expect(stops).toEqual([]);
  });
});

describe('a handler', () => {
  const target: HookTarget = {
    container: { name: 'main', image: 'app', ports: [{ name: 'web', containerPort: 8080 }] },
    sandboxId: 's1',
    containerId: 'c1',
    podIp: '10.0.0.1',
    timeoutSeconds: 5,
  };
  const run = (handler: object) => runHook(ctx, node.runtime, handler, target);

  test('that runs a command is given its time', async () => {
    const seen: unknown[] = [];
    exec = async (...args) => {
      seen.push(...args);
      return 0;
    };
    await run({ exec: { command: ['sh', '-c', 'x'] } });
    expect(seen).toEqual([['sh', '-c', 'x'], 5]);
    exec = () => Promise.reject(new ExecTimeoutError('timed out'));
    await expect(run({ exec: {} })).rejects.toThrow('timed out');
  });

  test.each<[object, string]>([
    [{ httpGet: { port: 'web' } }, 'dial tcp 10.0.0.1:8080: connect: connection refused'],
    [{ httpGet: { port: 80, host: '1.2.3.4' } }, 'dial tcp 1.2.3.4:80: connect: connection refused'],
    [{ tcpSocket: { port: 9 } }, 'dial tcp 10.0.0.1:9: connect: connection refused'],
    [{ httpGet: { port: 'gone' } }, 'invalid port number: gone'],
    [{ tcpSocket: { port: 0 } }, 'invalid port number: 0'],
    [{ tcpSocket: { port: 65_536 } }, 'invalid port number: 65536'],
  ])('%j that leads nowhere fails: %s', async (handler, message) => {
    await expect(run(handler)).rejects.toThrow(message);
  });

  test('that sleeps does so no longer than it may', async () => {
    let done = false;
    const slept = run({ sleep: { seconds: 60 } }).then(() => (done = true));
    ctx.clock.step(4_999);
    await Promise.resolve();
    expect(done).toBe(false);
    ctx.clock.step(1);
    await slept;
  });

  test('that says nothing is over at once', async () => {
    await expect(run({})).resolves.toBeUndefined();
  });
});
