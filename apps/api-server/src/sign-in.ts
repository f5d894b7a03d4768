import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { Account, AccountStore, SessionStore } from '@binnacle/server-storage';
import { PostgresAccounts, PostgresSessions, type PostgresStorage } from '@binnacle/server-storage-postgres';

const SWEEP_MILLISECONDS = 10 * 60_000;

function isAccount(value: unknown): value is Account {
  const { name, groups, scrypt } = (value ?? {}) as Partial<Record<keyof Account, unknown>>;
  return typeof name === 'string' && typeof scrypt === 'string' && Array.isArray(groups);
}

function parseAccounts(path: string, text: string): Account[] {
  const accounts = JSON.parse(text) as unknown;
  if (Array.isArray(accounts) && accounts.every(isAccount)) return accounts;
  throw new ConfigError(`${path} is no list of accounts with name, groups and scrypt`);
}

async function sweepForever(ctx: Context, sessions: SessionStore): Promise<void> {
  while (!ctx.signal.aborted) {
    await sessions.removeExpired(ctx).catch((error: unknown) => ctx.logger.warn('old sessions stay', { error }));
    await sleep(ctx, SWEEP_MILLISECONDS).catch(() => undefined);
  }
}

/** The accounts and sessions of the database; the first accounts come from the file, if there are none yet. */
export async function openSignIn(
  ctx: Context,
  { dataSource }: PostgresStorage,
  bootstrapFile: string,
  readFile: (path: string) => string,
): Promise<{ accounts: AccountStore; sessions: SessionStore }> {
  const accounts = new PostgresAccounts(dataSource);
  const sessions = new PostgresSessions(dataSource);
  if (bootstrapFile) await accounts.saveFirst(ctx, parseAccounts(bootstrapFile, readFile(bootstrapFile)));
  void sweepForever(ctx, sessions);
  return { accounts, sessions };
}
