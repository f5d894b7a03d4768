import type { Key, Revision } from './types.js';

export type StorageErrorCode =
  /** The key is taken. */
  | 'exists'
  | 'notFound'
  /** The object is at another revision than expected. */
  | 'conflict'
  /** The revision is older than the history that is kept. */
  | 'expired'
  /** The revision is newer than any that exists. */
  | 'future'
  /** The write queue is full; try again after `retryAfterSeconds`. */
  | 'overloaded'
  | 'unavailable'
  /** The write can never be stored as it is, for example because of a control character in its key. */
  | 'invalid'
  | 'unknownCluster';

/** The small set of failures the layers above know. Driver errors are translated to it at the edge. */
export class StorageError extends Error {
  constructor(
    readonly code: StorageErrorCode,
    message: string,
    readonly info: { key?: Key; revision?: Revision; retryAfterSeconds?: number } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StorageError';
  }
}

export function isStorageError(error: unknown, code: StorageErrorCode): error is StorageError {
  return error instanceof StorageError && error.code === code;
}

export function expiredRevision(revision: Revision, oldest: Revision): StorageError {
  return new StorageError('expired', `revision ${revision} is older than the history kept, from ${oldest}`, {
    revision,
  });
}

/** `info.revision` is the newest revision there is. */
export function futureRevision(revision: Revision, newest: Revision): StorageError {
  return new StorageError('future', `revision ${revision} is newer than the newest, ${newest}`, { revision: newest });
}

export function expiredTime(time: number): StorageError {
  return new StorageError('expired', `the history kept does not go back to ${new Date(time).toISOString()}`);
}

export function unknownCluster(name: string): StorageError {
  return new StorageError('unknownCluster', `cluster ${JSON.stringify(name)} does not exist`);
}
