import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { HostProcess, type ProcessSpec } from './host-process.js';
import { endLostProcess } from './lost-process.js';
import { ID_VARIABLE } from './process-container.js';
import {
  findByEnvironment,
  isAlive,
  parseProcStat,
  type ProcessSample,
  sampleProcess,
  startTimeOf,
} from './process-identity.js';
import { runCommand } from './run-command.js';
import { processTree, UsageMeter } from './usage.js';

const root = mkdtempSync(join(tmpdir(), 'binnacle-process-'));
afterAll(() => rmSync(root, { recursive: true }));

const clock = new FakeClock();
const ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
const shell = (script: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  command: ['/bin/sh', '-c', script],
  env: { PATH: '/usr/bin:/bin' },
  ...more,
});

async function start(spec: ProcessSpec, output = '/dev/null'): Promise<HostProcess> {
  const fd = openSync(output, 'a');
  try {
    return await HostProcess.spawn(spec, fd, fd);
  } finally {
    closeSync(fd);
  }
}

describe('a process', () => {
  test.each<[string, object]>([
    ['exit 0', { exitCode: 0, reason: 'Completed' }],
    ['exit 3', { exitCode: 3, reason: 'Error' }],
    ['kill -TERM $$', { exitCode: 143, reason: 'Error' }],
    ['kill -KILL $$', { exitCode: 137, reason: 'Error' }],
  ])('that runs "%s" says how it ended', async (script, exit) => {
    expect(await (await start(shell(script))).exited).toEqual(exit);
  });

  test('has the environment and the directory it was given, and no more', async () => {
    const output = join(root, 'output');
    const process = await start(
      shell('echo "$A:$HOME:$(pwd)"', { env: { A: '1', PATH: '/bin' }, workingDir: root }),
      output,
    );
    await process.exited;
    expect(readFileSync(output, 'utf8')).toBe(`1::${root}\n`);
  });

  test('that cannot be run says why', async () => {
    await expect(start({ command: ['/nowhere/program'], env: {} })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(start(shell('true', { workingDir: '/nowhere' }))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is asked by a signal, and its children are ended with it', async () => {
    const output = join(root, 'children');
    const process = await start(shell('sleep 300 & echo $!; trap "exit 7" TERM; while :; do sleep 0.05; done'), output);
    await expect.poll(() => readFileSync(output, 'utf8')).toMatch(/^\d+\n$/);
    process.signal('SIGTERM');
    expect(await process.exited).toMatchObject({ exitCode: 7 });
    const child = Number(readFileSync(output, 'utf8'));
    expect(startTimeOf(child)).toBeDefined();
    process.killGroup();
    await expect.poll(() => startTimeOf(child)).toBeUndefined();
    process.killGroup();
    process.signal('SIGTERM');
  });

  test('of an earlier run is looked at until it has ended, and nobody knows how', async () => {
    const own = await start(shell('sleep 300'));
    const adopted = HostProcess.adopt(ctx, own.identity);
    let exit: unknown;
    void adopted.exited.then((value) => (exit = value));
    clock.step(1_000);
    await Promise.resolve();
    expect(exit).toBeUndefined();
    adopted.killGroup();
    await own.exited;
    clock.step(1_000);
    expect(await adopted.exited).toEqual({ exitCode: 255, reason: 'Unknown' });
  });

  test('of another start with the same number is another one', async () => {
    const own = await start(shell('sleep 300'));
    expect(isAlive(own.identity)).toBe(true);
    expect(isAlive({ ...own.identity, startTime: '1' })).toBe(false);
    expect(await HostProcess.adopt(ctx, { ...own.identity, startTime: '1' }).exited).toMatchObject({ exitCode: 255 });
    own.killGroup();
    await own.exited;
    expect(isAlive(own.identity)).toBe(false);
  });

  test('whose record was lost is found by its variable and ended', async () => {
    const id = `lost-${process.pid}`;
    const own = await start(shell('sleep 300', { env: { [ID_VARIABLE]: id, PATH: '/bin:/usr/bin' } }));
    await expect.poll(() => findByEnvironment(`${ID_VARIABLE}=${id}`)).toEqual(own.identity);
    endLostProcess(ctx, id);
    expect(await own.exited).toMatchObject({ exitCode: 143 });
    expect(findByEnvironment(`${ID_VARIABLE}=${id}`)).toBeUndefined();
    endLostProcess(ctx, id);
  });
});

describe('a command', () => {
  test('answers its streams apart, and its code', async () => {
    const { exitCode, stdout, stderr } = await runCommand(ctx, shell('echo out; echo err >&2; exit 4'), 0);
    expect([exitCode, stdout.toString(), stderr.toString()]).toEqual([4, 'out\n', 'err\n']);
  });

  test('that was killed answers 137, and one that cannot be run fails', async () => {
    expect(await runCommand(ctx, shell('kill -KILL $$'), 5)).toMatchObject({ exitCode: 137 });
    await expect(runCommand(ctx, { command: ['/nowhere'], env: {} }, 5)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('may say much, of which only so much is kept', async () => {
    const { stdout } = await runCommand(ctx, shell('head -c 20000000 /dev/zero'), 0);
    expect(stdout.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(stdout.length).toBeGreaterThan(15 * 1024 * 1024);
  });
});

describe('processes of the system', () => {
  const stat = (pid: number, name: string, parent: number) =>
    `${pid} (${name}) S ${parent} 12 12 0 -1 4194304 100 0 0 0 5 7 0 0 20 0 1 0 12345 1000000 321 18446744073709551615`;

  test('are read from what the kernel says, whatever they are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '(', ')', '1'), maxLength: 10 }), (name) => {
        const read = { pid: 42, parent: 7, group: 12, state: 'S', ticks: 12, startTime: '12345', residentPages: 321 };
        expect(parseProcStat(stat(42, name, 7))).toEqual(read);
      }),
    );
    expect(['', '42 (a) S', '42 a S 1', ')('].map(parseProcStat)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('are with those they started, whatever the order they are told in', () => {
    const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(tree, fc.nat(), (picks, chosen) => {
        // The parent of each is one before it, so that there is no circle.
        const samples = picks.map(
          (pick, at) => ({ pid: at + 1, parent: at === 0 ? 0 : (pick % at) + 1 }) as ProcessSample,
        );
        const root = (chosen % samples.length) + 1;
        const isWithin = (pid: number): boolean => {
          const one = samples[pid - 1];
          return pid === root || (one !== undefined && one.parent > 0 && isWithin(one.parent));
        };
        const expected = samples.map(({ pid }) => pid).filter(isWithin);
        const found = processTree(root, samples.toReversed()).map(({ pid }) => pid);
        expect(found.sort((left, right) => left - right)).toEqual(expected);
      }),
    );
  });

  test('use memory at once, and processor time from the second look on', async () => {
    const own = await start(shell('while :; do :; done'));
    onTestFinished(() => own.killGroup());
    const meter = new UsageMeter();
    const { pid } = own.identity;
    // Between fork and exec a process has no memory of its own, and none that it keeps: what it runs has begun when it takes time.
    await expect.poll(() => sampleProcess(pid)?.ticks ?? 0, { timeout: 20_000 }).toBeGreaterThan(5);
    const first = meter.measure('c', pid, 0);
    expect([first.cpuNanoCores, first.memoryBytes > 0]).toEqual([0, true]);
    const before = sampleProcess(pid)?.ticks ?? 0;
    await expect.poll(() => (sampleProcess(pid)?.ticks ?? 0) - before, { timeout: 20_000 }).toBeGreaterThan(10);
    expect(meter.measure('c', pid, 1_000).cpuNanoCores).toBeGreaterThanOrEqual(100_000_000);
    meter.forget('c');
    expect(meter.measure('c', pid, 2_000).cpuNanoCores).toBe(0);
    own.killGroup();
    await own.exited;
    expect(meter.measure('c', pid, 3_000)).toMatchObject({ cpuNanoCores: 0, memoryBytes: 0 });
  });
});
