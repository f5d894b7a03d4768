import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Context } from '@binnacle/machinery-context';
import { generatePassword, hashPassword, writeAccounts } from '../accounts.js';
import { ConfigError } from '@binnacle/process-config';
import { layout } from '../data-dir/layout.js';
import { type StoreFlags, withDatabase } from '../store/database.js';
import { STORE_PROGRAM } from '../store/usable-database.js';
import { FIRST_USER } from '../up/prepare-credentials.js';

export type { StoreFlags } from '../store/database.js';

/** A sentence is ours to say; anything longer is a log, and stands for itself. */
function say(words: string): void {
  if (words) process.stderr.write(/^[^{\n]+$/.test(words) ? `binnacle: ${words}\n` : `${words}\n`);
}

/** In the environment, not in the arguments: what it holds may be secret, and process lists show arguments. */
async function runProgram(args: readonly string[], secrets: Readonly<Record<string, string>>): Promise<number> {
  const env = { ...process.env, ...secrets };
  const child = spawn(process.execPath, [STORE_PROGRAM, ...args], { env, stdio: ['inherit', 'inherit', 'pipe'] });
  const [words, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  say(words.trim());
  return code ?? 1;
}

/** Runs an operation of the API server's own program; answers its exit code. */
export async function operateStore(
  ctx: Context,
  operation: string,
  flags: StoreFlags,
  args: readonly string[],
  secrets: Readonly<Record<string, string>> = {},
): Promise<number> {
  return withDatabase(ctx, flags, operation === 'restore', (databaseUrl) =>
    runProgram([operation, ...args], { ...secrets, BINNACLE_DATABASE_URL: databaseUrl }),
  );
}

function requireReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
    if (!statSync(file).isFile()) throw new Error('it is no file');
  } catch (error) {
    throw new ConfigError(`${file} cannot be read (${(error as Error).message}); give the path of a backup`);
  }
}

/** Restores, and keeps the next start from making up a password: the accounts are those of the backup. */
export async function restore(ctx: Context, flags: StoreFlags, file: string, args: readonly string[]): Promise<number> {
  // Before a data directory is made for it.
  requireReadable(file);
  const code = await operateStore(ctx, 'restore', flags, [`--file=${file}`, ...args]);
  const dir = layout(flags.dataDir);
  if (code === 0 && !flags.databaseUrl && !existsSync(dir.accounts)) writeAccounts(dir, []);
  return code;
}

/** Gives the first account a new password, which holds at once, and signs it out everywhere. */
export async function newPassword(ctx: Context, flags: StoreFlags): Promise<number> {
  const dir = layout(flags.dataDir);
  const password = generatePassword();
  const scrypt = hashPassword(password);
  const code = await operateStore(ctx, 'password', flags, [`--account=${FIRST_USER}`], { BINNACLE_SCRYPT: scrypt });
  if (code !== 0) return code;
  if (existsSync(dir.pki)) writeAccounts(dir, [{ name: FIRST_USER, groups: ['system:masters'], scrypt }]);
  process.stdout.write(`  User        ${FIRST_USER}\n  Password    ${password}   (shown only this once)\n`);
  return 0;
}
