import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');

/** Runs the fault test as `npm run bench -- faults` does, on what `npm run build:ts` has made. */
function faults(...args: string[]): Promise<{ output: string; failed: boolean }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['tools/bench.mjs', 'faults', '--part', 'store', ...args],
      { cwd: ROOT },
      (error, stdout, stderr) => {
        resolve({ output: stdout + stderr, failed: error !== null });
      },
    );
  });
}

describe('the store under kill -9', () => {
  // A longer run: npm run bench -- faults --seconds 600
  it('keeps every promise while databases and servers are killed and a standby takes over', async () => {
    const { output, failed } = await faults('--seconds', '100');
    expect(output).toContain('every promise was kept');
    expect(failed).toBe(false);
  }, 300_000);

  it.each(['early-ack', 'async-commit'])(
    'is caught when it breaks one: %s',
    async (fault) => {
      const { output, failed } = await faults('--seconds', '6', '--inject', fault);
      expect(output).toMatch(/acknowledged write \S+ is lost/);
      expect(failed).toBe(true);
    },
    120_000,
  );
});
