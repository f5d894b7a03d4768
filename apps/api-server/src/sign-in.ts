import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { Account, SignInStores } from '@binnacle/server-storage';
import { type PostgresStorage, postgresSignIn } from '@binnacle/server-storage-postgres';

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

/** Sessions, tokens and links that have expired say nothing any more. */
async function sweepForever(ctx: Context, { sessions, tokens, links, other }: SignInStores): Promise<void> {
  while (!ctx.signal.aborted) {
    const sweeps = [sessions, tokens, links, other.oneTime, other.terminals].map((store) => store.removeExpired(ctx));
    await Promise.all(sweeps).catch((error: unknown) => ctx.logger.warn('what has expired stays', { error }));
    await sleep(ctx, SWEEP_MILLISECONDS).catch(() => undefined);
  }
}

/** What people sign in with; the first accounts come from the file, if there are none yet. */
export async function openSignIn(
  ctx: Context,
  { dataSource }: PostgresStorage,
  bootstrapFile: string,
  readFile: (path: string) => string,
): Promise<SignInStores> {
  const stores = postgresSignIn(dataSource);
  if (bootstrapFile) await stores.accounts.saveFirst(ctx, parseAccounts(bootstrapFile, readFile(bootstrapFile)));
  void sweepForever(ctx, stores);
  return stores;
}
