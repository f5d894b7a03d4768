import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';
import { type DataDir, layout } from '../data-dir/layout.js';
import { leftBehind, runningPid } from '../data-dir/pid-file.js';
import { checkFormat } from '../data-dir/prepare.js';
import { findBinaries, postgresUser } from '../postgres/binaries.js';

/** What a check found: undefined is well, a sentence is what is wrong and how to mend it. */
type Finding = string | undefined;

interface Check {
  readonly name: string;
  run(): Promise<Finding> | Finding;
}

const DAY = 24 * 60 * 60 * 1000;
const LEAST_FREE_BYTES = 2 * 1024 ** 3;
const OLDEST_NODE = [20, 19] as const;

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const recent = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return recent ? undefined : `Node ${process.versions.node} is too old; install ${OLDEST_NODE.join('.')} or newer`;
}

function whyUnreadable(dir: DataDir): Finding {
  try {
    checkFormat(dir);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function dataDirectory(dir: DataDir): Finding {
  if (!existsSync(dir.root)) return undefined;
  try {
    accessSync(dir.root, constants.R_OK | constants.W_OK);
    return whyUnreadable(dir);
  } catch {
    return `${dir.root} cannot be written by this user; run as its owner or choose another --data-dir`;
  }
}

function freeSpace(dir: DataDir): Finding {
  if (!existsSync(dir.root)) return undefined;
  const { bavail, bsize } = statfsSync(dir.root);
  const free = bavail * bsize;
  return free > LEAST_FREE_BYTES
    ? undefined
    : `only ${Math.round(free / 1024 ** 2)} MiB are free below ${dir.root}; free at least 2 GiB`;
}

async function embeddedPostgres(dir: DataDir): Promise<Finding> {
  try {
    await findBinaries(
      postgresUser(process.getuid?.() ?? -1, process.getgid?.() ?? -1),
      join(dir.root, 'lib', 'postgres'),
    );
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function certificates(ctx: Context, dir: DataDir): Finding {
  const file = join(dir.pki, 'apiserver.crt');
  if (!existsSync(file)) return undefined;
  const expires = Date.parse(new X509Certificate(readFileSync(file)).validTo);
  return expires > ctx.clock.now() + 7 * DAY
    ? undefined
    : `the API server's certificate ends ${new Date(expires).toISOString()}; restart to renew it`;
}

function processes(dir: DataDir): Finding {
  if (runningPid(dir) !== undefined) return undefined;
  if (leftBehind(dir) === 'processes')
    return '"binnacle up" was killed and its processes run on; start it again, or stop them with "binnacle down"';
  return existsSync(dir.pidFile) ? 'the last run did not stop cleanly; the next start recovers by itself' : undefined;
}

/** Looks at everything a start depends on. Answers whether all is well. */
export async function doctor(ctx: Context, root: string): Promise<boolean> {
  const dir = layout(root);
  const checks: Check[] = [
    { name: 'Node.js', run: nodeVersion },
    { name: 'data directory', run: () => dataDirectory(dir) },
    { name: 'disk space', run: () => freeSpace(dir) },
    { name: 'embedded Postgres', run: () => embeddedPostgres(dir) },
    { name: 'certificates', run: () => certificates(ctx, dir) },
    { name: 'processes', run: () => processes(dir) },
  ];
  let well = true;
  for (const check of checks) {
    const finding = await check.run();
    if (finding) well = false;
    process.stdout.write(`${finding ? '✗' : '✓'} ${check.name}${finding ? `: ${finding}` : ''}\n`);
  }
  return well;
}
