import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { kubeletPid } from '../data-dir/pid-file.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { freshDirectory } from '../testing/said.js';
import { endAbandonedKubelet, KubeletProcess, stopLeftovers } from './kubelet-process.js';

const directory = freshDirectory();
let dir: DataDir;
let clock: FakeClock;
let abort: AbortController;
const ctx = () => ({ signal: abort.signal, clock, logger: silentLogger });
beforeEach(() => {
  dir = layout(directory.path);
  prepareDataDir(dir);
  [clock, abort] = [new FakeClock(), new AbortController()];
});

/** A shell that says what it was started with, and does as it is told, in the place of the kubelet. */
function start(script: string): Promise<KubeletProcess> {
  return KubeletProcess.start(optionsOf(script));
}
const optionsOf = (script: string) => ({
  dir,
  port: 12_345,
  flags: ['--cloud-provider=external'],
  confinement: ['/bin/sh', '-c', script, 'kubelet'],
});
const log = () => readFileSync(join(dir.logs, 'kubelet.log'), 'utf8');
const ASKED = 'trap "echo asked; exit 0" TERM; echo up; while :; do sleep 0.02; done';

describe('the kubelet', () => {
  test('is told everything of this cluster, and known by its number', async () => {
    const kubelet = await start(`echo "$@"; ${ASKED}`);
    await expect.poll(log).toContain('up');
    const words = log().split(' ');
    for (const word of [
      '--runtime=process',
      '--node-name=control-plane',
      `--root-dir=${dir.kubelet}`,
      `--pod-manifest-path=${dir.manifests}`,
      '--port=12345',
      '--cloud-provider=external',
    ])
      expect(words).toContain(word);
    expect(words.at(words.indexOf('--port=12345') + 0)).toBe('--port=12345');
    expect([kubeletPid(dir) !== undefined, kubelet.hasExited]).toEqual([true, false]);
    await kubelet.stop();
  });

  test('stops in order when it is asked, and leaves no note', async () => {
    const kubelet = await start(ASKED);
    await expect.poll(log).toContain('up');
    await kubelet.stop();
    expect(log()).toMatch(/up\nasked\n$/);
    expect([kubelet.hasExited, existsSync(dir.kubeletPidFile)]).toEqual([true, false]);
  });

  test('that did not stop its Pods is followed by one that does nothing else', async () => {
    const kubelet = await start(
      'case "$*" in *--only-stop-pods*) echo stopped; exit 0;; esac; trap "exit 1" TERM; echo up; while :; do sleep 0.02; done',
    );
    await expect.poll(log).toContain('up');
    await kubelet.stop();
    expect(log()).toMatch(/up\nstopped\n$/);
  });

  test('that ended is started again a second later, and works on', async () => {
    writeFileSync(join(dir.run, 'runs'), '');
    const kubelet = await start(
      `echo run >> ${dir.run}/runs; [ $(wc -l < ${dir.run}/runs) -gt 2 ] || exit 3; ${ASKED}`,
    );
    const supervising = kubelet.supervise(ctx());
    const runs = () => readFileSync(join(dir.run, 'runs'), 'utf8').split('\n').length - 1;
    for (const count of [1, 2]) {
      await expect.poll(runs).toBe(count);
      await expect.poll(() => clock.pending).toBe(1);
      clock.step(999);
      expect(runs()).toBe(count);
      clock.step(1);
    }
    await expect.poll(log).toContain('up');
    abort.abort();
    await supervising;
    await kubelet.stop();
  });

  test('that does not stay up is given up, with what it said last and what helps', async () => {
    const kubelet = await start('echo "listen EADDRINUSE: address already in use 127.0.0.1:10250"; exit 1');
    let failed: Error | undefined;
    const supervising = kubelet.supervise(ctx()).catch((error: Error) => (failed = error));
    for (let ends = 0; ends < 50 && !failed; ends += 1) {
      await expect.poll(() => failed !== undefined || clock.pending > 0).toBe(true);
      clock.step(1_000);
    }
    await supervising;
    expect(failed?.message).toMatch(/^the kubelet does not stay up: .*EADDRINUSE.*--port-offset/);
    expect(log().split('\n').length - 1).toBe(6);
  });

  test('that ends now and then is never given up', async () => {
    const kubelet = await start('echo run; exit 1');
    const supervising = kubelet.supervise(ctx());
    for (let ends = 1; ends <= 10; ends += 1) {
      await expect.poll(() => log().split('\n').length - 1).toBe(ends);
      await expect.poll(() => clock.pending).toBe(1);
      clock.step(30_000);
    }
    abort.abort();
    await supervising;
  });

  test('that cannot be started says why', async () => {
    const refused = KubeletProcess.start({ dir, confinement: ['/nowhere/prlimit'] });
    await expect(refused).rejects.toThrow(/^the kubelet cannot be started: .*ENOENT/);
  });
});

test('what a kubelet left is stopped by another', async () => {
  await stopLeftovers(optionsOf('echo "$@" | grep -o -- --only-stop-pods'));
  expect(log()).toBe('--only-stop-pods\n');
});

test('a kubelet whose `up` was killed is ended at once, and one that is gone is no matter', async () => {
  const kubelet = await start('trap "" TERM; echo up; while :; do sleep 0.02; done');
  await expect.poll(log).toContain('up');
  const ending = endAbandonedKubelet(ctx(), dir);
  await expect.poll(() => (clock.step(20), kubelet.hasExited)).toBe(true);
  clock.step(20);
  await ending;
  await endAbandonedKubelet(ctx(), dir);
});
