import { StatusError } from '@binnacle/machinery-meta';
import { fromStorage } from '@binnacle/server-registry';
import { StorageError } from '@binnacle/server-storage';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { missingRight } from './missing-right.js';

/** Somebody who loops over a page must not get the same refusal for each of its rows. */
const MOST_ERRORS = 100;
const NOTHING = { group: '', names: { kind: '', plural: '' } };
const LONGEST_MESSAGE = 1_000;

export const asGraphqlError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError((error as Error).message, { originalError: error as Error });

/** Everything that is wrong with an operation. */
export function errorsOf(error: unknown): readonly GraphQLError[] {
  return error instanceof AggregateError ? error.errors.map(asGraphqlError) : [asGraphqlError(error)];
}

function statusOf(error: unknown): StatusError | undefined {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (cause instanceof StatusError) return cause;
  // Of what is read on the way to an object, such as the namespace of a new one.
  const status = cause instanceof StorageError ? fromStorage(NOTHING, '', cause) : undefined;
  return status instanceof StatusError ? status : undefined;
}

/** Whether a resolver failed otherwise than by refusing: a fault of ours, whose text is nobody's business. */
function isInternal(error: GraphQLError): boolean {
  const cause = error.originalError;
  return cause !== undefined && !(cause instanceof GraphQLError) && !statusOf(error);
}

/** Shows errors to clients, and tells the server of those that are its own. */
export class ErrorPresenter {
  constructor(private readonly onInternalError: (error: unknown) => void = () => undefined) {}

  /** Errors carry the API's own reason and causes, so that a form can show each at its field. */
  present(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.slice(0, MOST_ERRORS).map((error) => this.one(error));
  }

  private one(error: GraphQLError): GraphQLFormattedError {
    const status = statusOf(error);
    const formatted = error.toJSON();
    const message = formatted.message.slice(0, LONGEST_MESSAGE);
    if (status) {
      const needs = missingRight(status);
      const extensions = { code: status.reason, status: status.toStatus(), ...(needs && { needs }) };
      return { ...formatted, message, extensions };
    }
    // What graphql itself finds wrong while it runs is what the client gave.
    if (!isInternal(error))
      return { ...formatted, message, extensions: { code: 'BAD_USER_INPUT', ...formatted.extensions } };
    this.onInternalError(error.originalError);
    return {
      message: 'internal error',
      ...(formatted.path && { path: formatted.path }),
      extensions: { code: 'InternalError' },
    };
  }
}
