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
