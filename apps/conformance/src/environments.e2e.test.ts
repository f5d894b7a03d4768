import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
/** Those of tools/environments that end in a sentence, and the one that every fresh container is. */
const NAMES = [
  'root-below-root',
  'accounts',
  'read-only',
  'checkout-of-another',
  'few-files',
  'little-memory',
  'noexec-tmp',
];

interface Outcome {
  readonly title: string;
  readonly outcome: 'up' | 'ended' | 'nothing' | 'skipped' | 'broken';
  readonly words: string;
  readonly ok: boolean;
}

/** Namespaces of one's own need root, and a machine that gives them. */
const givesNamespaces =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'ip', 'link', 'set', 'lo', 'up'])
    .status === 0;

describe.skipIf(!givesNamespaces)('the first command, wherever it is typed,', () => {
  test.each(NAMES)('comes up or says at once why not: %s', (name) => {
    const runner = join(root, 'tools', 'environments', 'run.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [runner, name, '--quick', '--json'], { encoding: 'utf8' });
    const outcomes = JSON.parse(stdout.slice(stdout.indexOf('['))) as Outcome[];
    expect(outcomes.length, stderr).toBeGreaterThan(0);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  });
});
