import { StorageError } from '@binnacle/server-storage';

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

/** The database owed an answer and gave none: stopped, swamped, or cut off. */
export class DatabaseSilentError extends Error {
  override readonly name = 'DatabaseSilentError';

  constructor(milliseconds: number) {
    super(`the database did not answer for ${milliseconds / 1000} s`);
  }
}

interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly severity?: unknown;
}

/** Empty where it was not the database that failed; no SQLSTATE begins as the system's codes do, such as EPIPE. */
function sqlState(error: unknown): string {
  const { code } = (error ?? {}) as DriverError;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : '';
}

/** Whether the data of the statement is at fault, so that the same statement without it may well succeed. */
export function isDataError(error: unknown): boolean {
  return ['21', '22', '23', '54'].includes(sqlState(error).slice(0, 2));
}

/** Whether there is no connection to be had now, though there may be in a moment: nothing was sent. */
export function isCrowded(error: unknown): boolean {
  return ['53300', '57P03'].includes(sqlState(error));
}

/** Whether the server itself said that the transaction failed. Where the connection broke, nobody knows. */
export function isRefused(error: unknown): boolean {
  return sqlState(error) !== '' && (error as DriverError).severity === 'ERROR';
}

/** What is wrong with the database, in words of ours, where the state it tells is one that somebody has to do something about. */
const REASONS: Readonly<Record<string, string>> = {
  '53100': 'the disk of the database is full',
  '53200': 'the database is out of memory',
  '53300': 'the database has no connection left',
  '57014': 'the database took too long',
  '55P03': 'the database took too long: what is written is locked',
  '25006': 'the database takes no writes',
  '57P03': 'the database is starting or stopping',
  '57P01': 'the database is stopping',
};

/** As the driver's pool says that there was no connection in time. */
const NO_CONNECTION = /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)$/;
const SILENCE = 'the database does not answer';

/** Without anything that only an administrator should know. */
export function reasonOf(error: unknown): string {
  if (error instanceof StorageError && error.cause) return reasonOf(error.cause);
  if (error instanceof DatabaseSilentError) return error.message;
  return REASONS[sqlState(error)] ?? SILENCE;
}

/** Translates what the driver threw; nothing above knows driver codes. */
export function translated(error: unknown, what: string): Error {
  if (error instanceof StorageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isDataError(error)) return new StorageError('invalid', `${what}: ${message}`, {}, { cause: error });
  const text = REASONS[sqlState(error)] ?? (NO_CONNECTION.test(message) ? SILENCE : message);
  return new StorageError('unavailable', `${what}: ${text}`, { retryAfterSeconds: 1 }, { cause: error });
}
