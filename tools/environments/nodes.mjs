// Other versions of Node.js, as the npm registry has them: kept below node_modules, fetched once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = `node-linux-${process.arch}`;

export const VERSIONS = ['20.19.6', '22.23.5', '24.22.3'];

const keptIn = (root) => join(root, 'node_modules', '.binnacle', 'nodes');

/** The folder with the programs of a version; undefined where it has not been fetched. */
export function nodeFolder(root, version) {
  const folder = join(keptIn(root), version, 'package', 'bin');
  return existsSync(folder) ? folder : undefined;
}

/** Fetches a version, where the registry can be asked. */
export function fetchNode(root, version) {
  if (nodeFolder(root, version)) return;
  const kept = keptIn(root);
  try {
    mkdirSync(kept, { recursive: true });
    const draft = mkdtempSync(join(kept, 'new-'));
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', `${PACKAGE}@${version}`], {
        cwd: draft,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    execFileSync('tar', ['-xzf', filename], { cwd: draft });
    renameSync(draft, join(kept, version));
  } catch {
    // The environment is skipped and says so.
  }
}
