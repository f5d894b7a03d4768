import { StatusError } from '@binnacle/machinery-meta';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { limitOperations } from './limits.js';

/** The same limits whichever way an operation comes. */
export const validationRules = [...specifiedRules, limitOperations];

/** Reads and validates an operation; answers what is wrong with it instead where something is. */
export function readOperation(schema: GraphQLSchema, text: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(text);
    const errors = validate(schema, document, validationRules);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    // The parser recurses: text that is nested too deeply ends it otherwise than by a syntax error.
    return [error instanceof GraphQLError ? error : new GraphQLError((error as Error).message)];
  }
}

export const asGraphqlError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError((error as Error).message, { originalError: error as Error });

function statusOf(error: unknown): StatusError | undefined {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause instanceof StatusError ? cause : undefined;
}

/** Whether a resolver failed otherwise than by refusing: a fault of ours, whose text is nobody's business. */
export function isInternal(error: unknown): boolean {
  if (statusOf(error)) return false;
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause !== undefined && !(cause instanceof GraphQLError);
}

/** Errors carry the API's own reason and causes, so that a form can show each at its field. */
export function presentError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const status = statusOf(error);
  if (status) return { ...formatted, extensions: { code: status.reason, status: status.toStatus() } };
  if (!isInternal(error)) return formatted;
  return {
    message: 'internal error',
    ...(formatted.path && { path: formatted.path }),
    extensions: { code: 'InternalError' },
  };
}
