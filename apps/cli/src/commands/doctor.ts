import { existsSync } from 'node:fs';
import type { Context } from '@binnacle/machinery-context';
import { requireUsableDataDir } from '../data-dir/inspect.js';
import { type DataDir, layout } from '../data-dir/layout.js';
import { leftBehind, runningPid } from '../data-dir/pid-file.js';
import { checkFormat } from '../data-dir/prepare.js';
import { postgresUser } from '../data-dir/postgres-account.js';
import { requireBinaries } from '../postgres/binaries.js';
import { requireSoundDatabase } from '../postgres/database-state.js';
import { databaseDirectory } from '../postgres/directory.js';
import { firstTaken } from '../preflight/addresses.js';
import { endingCertificates } from '../preflight/certificates.js';
import { diskSpace } from '../preflight/disk.js';
import { type Check, type Finding, findingOf } from '../preflight/finding.js';
import { wantedAddresses } from '../preflight/ports.js';
import { machineChecks } from '../preflight/preflight.js';
import type { UpSettings } from '../settings.js';

/** What is advised; a start asks for less. */
const COMFORTABLE_BYTES = 2 * 1024 ** 3;

function dataDirectory(dir: DataDir): Finding {
  return findingOf(() => {
    requireUsableDataDir(dir);
    checkFormat(dir);
  });
}

async function embeddedPostgres(dir: DataDir): Promise<Finding> {
  try {
    await requireBinaries(postgresUser(databaseDirectory(dir)), dir.libraries);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function runs(dir: DataDir): boolean {
  return runningPid(dir) !== undefined || leftBehind(dir) !== 'nothing';
}

function lastRun(dir: DataDir): Finding {
  if (runningPid(dir) !== undefined) return undefined;
  if (leftBehind(dir) === 'processes')
    return '"binnacle up" was killed and its processes run on; start it again, or stop them with "binnacle down"';
  return existsSync(dir.pidFile) ? 'the last run did not stop cleanly; the next start recovers by itself' : undefined;
}

function checksOf(ctx: Context, settings: UpSettings, dir: DataDir): Check[] {
  return [
    // What runs has what it needs.
    ...machineChecks().filter(({ name }) => name !== 'memory' || !runs(dir)),
    { name: 'data directory', run: () => dataDirectory(dir) },
    { name: 'disk space', run: () => diskSpace(dir, COMFORTABLE_BYTES) },
    { name: 'addresses and ports', run: () => (runs(dir) ? undefined : firstTaken(wantedAddresses(settings, dir))) },
    { name: 'embedded Postgres', run: () => (settings.databaseUrl ? undefined : embeddedPostgres(dir)) },
    { name: 'database', run: () => (settings.databaseUrl ? undefined : findingOf(() => requireSoundDatabase(dir))) },
    { name: 'certificates', run: () => endingCertificates(dir, ctx.clock.now()) },
    { name: 'last run', run: () => lastRun(dir) },
  ];
}

/** A check that cannot be made is itself a finding. */
async function outcomeOf(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Looks at everything a start depends on and changes nothing. Answers whether all is well. */
export async function doctor(ctx: Context, settings: UpSettings): Promise<boolean> {
  const dir = layout(settings.dataDir);
  let well = true;
  for (const check of checksOf(ctx, settings, dir)) {
    const finding = await outcomeOf(check);
    if (finding) well = false;
    process.stdout.write(`${finding ? '✗' : '✓'} ${check.name}${finding ? `: ${finding}` : ''}\n`);
  }
  return well;
}
