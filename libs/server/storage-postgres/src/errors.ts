import { isStorageError, StorageError } from '@binnacle/server-storage';

/** The database's tables are of a newer release than this program. */
export class NewerSchemaError extends Error {
  constructor(readonly unknownMigrations: readonly string[]) {
    super(
      `the database was migrated by a newer release (${unknownMigrations.join(', ')}): ` +
        'start that release, or restore a backup made before it',
    );
    this.name = 'NewerSchemaError';
  }
}

/** A database URL that cannot be read, or that asks for something unknown. Its message never holds the password. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
}

function sqlState(error: unknown): string {
  const { code } = (error ?? {}) as DriverError;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}

/** Whether the data of the statement is at fault, so that the same statement without it may well succeed. */
export function isDataError(error: unknown): boolean {
  return ['21', '22', '23', '54'].includes(sqlState(error).slice(0, 2));
}

/** Whether another server may have become the primary. */
export function isNotPrimary(error: unknown): boolean {
  return (
    ['25006', '57P01', '57P02', '57P03', '08006', ''].includes(sqlState(error)) && !isStorageError(error, 'unavailable')
  );
}

/** Translates what the driver threw; nothing above knows driver codes. */
export function translated(error: unknown, what: string): Error {
  if (error instanceof StorageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isDataError(error)) return new StorageError('invalid', `${what}: ${message}`, {}, { cause: error });
  return new StorageError('unavailable', `${what}: ${message}`, { retryAfterSeconds: 1 }, { cause: error });
}
