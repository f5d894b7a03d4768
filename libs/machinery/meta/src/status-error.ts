import type { ListMeta } from './types.js';

export type StatusReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'StoreReadError'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable'
  /** How a command ended, which is told as a Status, too. */
  | 'NonZeroExitCode'
  /** What upstream does not classify; the Status then says no reason. */
  | '';

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The `v1 Status` every error answer carries. */
export interface Status {
  apiVersion?: string;
  kind?: string;
  metadata?: ListMeta;
  status?: 'Success' | 'Failure';
  message?: string;
  reason?: StatusReason;
  details?: StatusDetails;
  code?: number;
}

/** An API failure. Clients branch on `reason`, never on the text. */
export class StatusError extends Error {
  constructor(
    readonly code: number,
    readonly reason: StatusReason,
    message: string,
    readonly details?: StatusDetails,
    options?: ErrorOptions & { metadata?: ListMeta },
  ) {
    super(message, options);
    this.name = 'StatusError';
    this.metadata = options?.metadata ?? {};
  }

  readonly metadata: ListMeta;

  static fromStatus(status: Status): StatusError {
    return new StatusError(
      status.code ?? 500,
      status.reason ?? 'InternalError',
      status.message ?? 'unknown error',
      status.details,
      { metadata: status.metadata ?? {} },
    );
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

const reasonIs =
  (reason: StatusReason) =>
  (error: unknown): error is StatusError =>
    error instanceof StatusError && error.reason === reason;

export const isNotFound = reasonIs('NotFound');
export const isAlreadyExists = reasonIs('AlreadyExists');
export const isConflict = reasonIs('Conflict');
export const isInvalid = reasonIs('Invalid');
export const isForbidden = reasonIs('Forbidden');
export const isUnauthorized = reasonIs('Unauthorized');
export const isTooManyRequests = reasonIs('TooManyRequests');
export const isExpired = (error: unknown): error is StatusError =>
  error instanceof StatusError && (error.reason === 'Expired' || error.reason === 'Gone');

/** Runs `attempt` and answers undefined where the object is not there. */
export async function ignoreNotFound<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
