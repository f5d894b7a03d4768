import { newBadRequest, newMethodNotSupported, newUnsupportedMediaType, StatusError } from '@binnacle/machinery-meta';
import type { OperationText } from './execution/read-operation.js';
import type { Browser } from './request.js';

export interface HttpOperation {
  readonly method: string;
  /** Those that say what is sent, what is taken, and that no form of another site sent it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The query string, with its question mark. */
  readonly search: string;
  readonly body: Buffer;
  /** Throws Forbidden for a page of another site. */
  readonly browser?: (() => Omit<Browser, 'keep'>) | undefined;
}

const JSON_TYPE = 'application/json';
/** What no form and no image of another site can send: our own header, and those that other GraphQL clients send. */
const PROOFS = ['x-binnacle-csrf', 'apollo-require-preflight', 'x-apollo-operation-name'];

type Parameters = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw newBadRequest(`${what} is not JSON`);
  }
}

function fromBody({ headers, body }: HttpOperation): Parameters {
  const type = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  if (type !== JSON_TYPE) throw newUnsupportedMediaType([JSON_TYPE]);
  const parameters = parseJson(body.toString(), 'the body');
  if (!isObject(parameters)) throw newBadRequest('the body must be an object with a query');
  return parameters;
}

function fromSearch({ headers, search }: HttpOperation): Parameters {
  if (!PROOFS.some((name) => headers[name] !== undefined))
    throw newBadRequest(`a query by GET needs the header ${PROOFS[0]}, which no page of another site can send`);
  const parameters = new URLSearchParams(search);
  const variables = parameters.get('variables');
  return {
    query: parameters.get('query') ?? undefined,
    operationName: parameters.get('operationName') ?? undefined,
    ...(variables && { variables: parseJson(variables, 'the parameter variables') }),
  };
}

/** Reads what is asked for, the same over HTTP and WebSocket. Throws BadRequest for what is no operation. */
export function operationText({ query, operationName, variables }: Parameters): OperationText {
  if (typeof query !== 'string' || query === '') throw newBadRequest('query must be a GraphQL document');
  if (operationName != null && typeof operationName !== 'string') throw newBadRequest('operationName must be a string');
  if (variables != null && !isObject(variables)) throw newBadRequest('variables must be an object');
  return { query, operationName: operationName || undefined, variables: variables ?? {} };
}

/** Reads an operation that came by HTTP. Throws a StatusError for what is none or may be somebody else's. */
export function readHttpOperation(operation: HttpOperation): OperationText {
  const method = operation.method.toUpperCase();
  if (method === 'POST') return operationText(fromBody(operation));
  if (method === 'GET') return operationText(fromSearch(operation));
  throw newMethodNotSupported({ group: '', resource: 'graphql' }, method);
}

/** What changes something never comes by GET, which links and prefetching send. */
export function refuseChangeByGet({ method }: HttpOperation, type: string): void {
  if (method.toUpperCase() === 'GET' && type !== 'query')
    throw new StatusError(405, 'MethodNotAllowed', `a ${type} must come by POST`);
}
