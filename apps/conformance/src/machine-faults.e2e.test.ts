import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
/** The faults mount a file system of their own that can be filled. */
const isRoot = process.getuid?.() === 0;

/** Runs the machine's part of the fault run as `npm run bench -- faults` does. */
function faults(...args: string[]): Promise<{ output: string; failed: boolean }> {
  const all = ['tools/bench.mjs', 'faults', '--part', 'machine', '--offset', '11700', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ output: stdout + stderr, failed: error !== null });
    });
  });
}

describe.runIf(isRoot)('a machine that takes what it gave', () => {
  // The long run, with every file: npm run bench -- faults --part machine
  it('is survived, or told in words', async () => {
    const only = ['--only', 'disk,supervisors,files', '--match', 'PG_VERSION|pg_control|record.json', '--damage', '2'];
    const { output, failed } = await faults(...only, '--hold', '4');
    expect(output).toContain('every fault was survived or told');
    expect(failed).toBe(false);
  }, 300_000);

  it('is caught where something is lost', async () => {
    const { output, failed } = await faults('--only', 'nothing', '--inject', 'lost-write,deleted-file');
    expect(output).toMatch(/acknowledged write \S+ is lost/);
    expect(output).toContain('settings.json was deleted');
    expect(failed).toBe(true);
  }, 120_000);
});

it.runIf(!isRoot)('the faults of a machine say that they need root', async () => {
  expect((await faults()).output).toContain('need root');
});
