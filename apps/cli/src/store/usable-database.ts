import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConfigError } from '@binnacle/process-config';
import { requireDatabase } from '../database-hosts.js';

/** The API server's own program for operations on its database. */
export const STORE_PROGRAM = join(import.meta.dirname, '..', '..', '..', 'api-server', 'dist', 'store.js');

/**
 * Refuses a database that cannot be used: one that does not answer, does not let us in, or was left by a newer release.
 * Changes nothing. Answers whether it holds accounts already.
 */
export async function requireUsableDatabase(databaseUrl: string): Promise<{ readonly hasAccounts: boolean }> {
  await requireDatabase(databaseUrl);
  const env = { ...process.env, BINNACLE_DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [STORE_PROGRAM, 'probe'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, sentence, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0)
    throw new ConfigError(`${sentence.trim()}; correct DATABASE_URL, or unset it to use the embedded Postgres`);
  return { hasAccounts: said.trim() === 'has accounts' };
}
