import { type Status, StatusError } from '@binnacle/machinery-meta';
import { rightsChanged } from './rights-changed.js';
import { impersonationHeaders, type ViewedAs, viewedAs } from './view-as.js';

/** The API server, or the way to it, is away. Worth trying again. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Questions about rights: a refusal there is no sign that they have changed. */
const REVIEWS = '/apis/authorization.';

type Listener = () => void;
const unauthorized = new Set<Listener>();

/** Calls `listener` whenever the server no longer knows the session. */
export function onUnauthorized(listener: Listener): () => void {
  unauthorized.add(listener);
  return () => unauthorized.delete(listener);
}

export function sessionLost(): void {
  for (const listener of unauthorized) listener();
}

/** For how long not to ask again: some say so in the header alone. */
function withRetryAfter(status: Status, response: Response): Status {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  if (status.details?.retryAfterSeconds !== undefined || !Number.isFinite(seconds)) return status;
  return { ...status, details: { ...status.details, retryAfterSeconds: seconds } };
}

async function errorOf(response: Response): Promise<Error> {
  if (response.headers.get('x-binnacle-upstream') === 'unavailable') {
    return new UnreachableError('the API server is unreachable');
  }
  const text = await response.text();
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === 'Status') return StatusError.fromStatus(withRetryAfter(status, response));
  } catch {
    // Not JSON: told below in the server's own words.
  }
  return new StatusError(response.status, 'InternalError', text.slice(0, 500) || response.statusText);
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  /** The media type of `body`; JSON unless said otherwise. */
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** This once as somebody else, to learn what they may. */
  readonly as?: ViewedAs;
}

/** Signing in and out, passwords and tokens are always one's own, as whomever one looks. */
const isOwn = (path: string): boolean => path.startsWith('/auth/');

function initOf(path: string, options: CallOptions): RequestInit {
  const as = isOwn(path) ? undefined : (options.as ?? viewedAs());
  const headers: Record<string, string> = {
    accept: options.accept ?? 'application/json',
    ...impersonationHeaders(as),
  };
  // A header no other site can send without our consent: with the cookie it proves that this page asked.
  if (options.method && options.method !== 'GET') headers['x-binnacle-csrf'] = '1';
  if (options.body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
  return {
    method: options.method ?? 'GET',
    headers,
    credentials: 'same-origin',
    ...(options.signal && { signal: options.signal }),
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  };
}

/** Sends a request and answers the open response. Throws `StatusError` or `UnreachableError`. */
export async function open(path: string, options: CallOptions = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, initOf(path, options));
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new UnreachableError('the server is unreachable', { cause: error });
  }
  if (response.ok) return response;
  const error = await errorOf(response);
  if (response.status === 401 && !isOwn(path)) sessionLost();
  if (response.status === 403 && !path.includes(REVIEWS)) rightsChanged();
  throw error;
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await open(path, options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
