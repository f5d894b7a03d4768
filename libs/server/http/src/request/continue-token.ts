import { newBadRequest, StatusError } from '@binnacle/machinery-meta';

/** Where a list goes on: after `start`, in the state of `revision`; 0 means in the newest state. */
export interface ContinueToken {
  readonly revision: number;
  readonly start: { readonly namespace: string; readonly name: string };
  /** Milliseconds since the epoch at which the first page was read. */
  readonly issued: number;
}

const VERSION = 'meta.k8s.io/v1';
/** Upstream compacts every five minutes, and clients rely on old tokens to fail. */
export const TOKEN_LIFETIME_MILLISECONDS = 5 * 60_000;

export function encodeContinueToken({ revision, start, issued }: ContinueToken): string {
  const rv = revision === 0 ? -1 : revision;
  const fields = { v: VERSION, rv, start: `${start.namespace}/${start.name}`, t: Math.floor(issued / 1000) };
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function parseFields(token: string): Record<string, unknown> {
  try {
    const fields = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown;
    if (typeof fields === 'object' && fields !== null) return fields as Record<string, unknown>;
  } catch {
    // Not JSON: refused below like any other token this server did not make.
  }
  throw newBadRequest('invalid continue token: continue key is not valid: illegal base64 data or JSON');
}

/** Reads a token. Throws BadRequest where it is not one of ours. */
export function decodeContinueToken(token: string): ContinueToken {
  const { v, rv, start, t } = parseFields(token);
  if (v !== VERSION)
    throw newBadRequest(
      'invalid continue token: continue key is not valid: server does not recognize this encoded version',
    );
  if (!Number.isSafeInteger(rv) || typeof start !== 'string' || !start.includes('/')) {
    throw newBadRequest('invalid continue token: continue key is not valid: incorrect encoded start resourceVersion');
  }
  const [namespace = '', name = ''] = start.split('/');
  const issued = typeof t === 'number' ? t * 1000 : 0;
  const revision = Math.max(0, Number(rv));
  return { revision, start: { namespace, name }, issued };
}

export function isTokenExpired(token: ContinueToken, now: number): boolean {
  return token.revision > 0 && now - token.issued > TOKEN_LIFETIME_MILLISECONDS;
}

const EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

/** 410, with a token that reads on in the newest state instead. */
export function expiredToken(token: ContinueToken, now: number): StatusError {
  const next = encodeContinueToken({ revision: 0, start: token.start, issued: now });
  return new StatusError(410, 'Expired', EXPIRED, undefined, { metadata: { continue: next } });
}

/** A token comes with no resourceVersion of its own. */
export function refuseTokenWithVersion(resourceVersion: string): void {
  if (resourceVersion === '' || resourceVersion === '0') return;
  throw newBadRequest('specifying resource version is not allowed when using continue');
}
