import { HttpError } from '../http-error.js';

/** What a stream is to. */
export interface StreamRequest {
  readonly kind: 'exec' | 'attach' | 'portForward';
  readonly namespace: string;
  readonly pod: string;
  /** Empty for a port-forward. */
  readonly container: string;
  readonly query: URLSearchParams;
}

const KINDS: readonly string[] = ['exec', 'attach', 'portForward'];

const isKind = (text: string): text is StreamRequest['kind'] => KINDS.includes(text);

/**
 * Reads `/exec/<namespace>/<pod>/<container>`, `/attach/…` and `/portForward/<namespace>/<pod>`; undefined for other paths.
 * Throws an HttpError for what cannot be one.
 */
export function streamRequest({ pathname, searchParams: query }: URL): StreamRequest | undefined {
  const [kind = '', namespace = '', pod = '', container = '', ...rest] = pathname
    .slice(1)
    .split('/')
    .map(decodeURIComponent);
  if (!isKind(kind)) return undefined;
  const isWhole = namespace && pod && Boolean(container) === (kind !== 'portForward') && rest.length === 0;
  if (!isWhole) throw new HttpError(404, '404 page not found');
  return { kind, namespace, pod, container, query };
}
