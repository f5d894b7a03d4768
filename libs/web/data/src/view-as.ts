import {
  IMPERSONATION_PROTOCOL,
  type ImpersonationField,
  isImpersonatedName,
  MOST_IMPERSONATED_GROUPS,
} from '@binnacle/machinery-live';

/** As whom an administrator looks: a person, with groups or without. */
export type ViewedAs = ImpersonationField;

const STORE = 'binnacle.viewAs';
/** What stands in a header: visible letters of Latin-1, without the comma that parts groups. */
const SAYABLE = /^[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa1-\xff]*[\x21-\x7e\xa1-\xff])?$/;

const isName = (value: unknown): value is string => isImpersonatedName(value) && SAYABLE.test(value);

/** Whether it can be told to the server, which hears of it in headers. */
export function canViewAs({ user, groups }: ViewedAs): boolean {
  return isName(user) && groups.length <= MOST_IMPERSONATED_GROUPS && groups.every(isName);
}

/** Read from what a tab keeps; undefined where that is nothing, or nothing of ours. */
export function parseViewedAs(text: string | null): ViewedAs | undefined {
  try {
    const { user, groups } = JSON.parse(text ?? '') as { user?: unknown; groups?: unknown };
    const viewed = { user, groups } as ViewedAs;
    return Array.isArray(groups) && typeof user === 'string' && canViewAs(viewed) ? viewed : undefined;
  } catch {
    return undefined;
  }
}

function read(): ViewedAs | undefined {
  try {
    return parseViewedAs(globalThis.sessionStorage?.getItem(STORE) ?? null);
  } catch {
    // A browser that keeps nothing for us.
    return undefined;
  }
}

/**
 * Read once, when the page is loaded: everything it asks for, it asks for as the same person. Who begins or ends it loads the page
 * anew, so that there is no moment in which some of it is one person's and some another's.
 */
const viewed = read();

/** As whom this page looks; undefined where it looks as who is signed in. */
export const viewedAs = (): ViewedAs | undefined => viewed;

/** From the next load of the page on. Throws where the tab cannot keep it. */
export function keepViewedAs(next: ViewedAs | undefined): void {
  if (next) globalThis.sessionStorage.setItem(STORE, JSON.stringify(next));
  else globalThis.sessionStorage.removeItem(STORE);
}

/** The headers that tell it, as `kubectl --as` sends them. */
export function impersonationHeaders(as: ViewedAs | undefined): Record<string, string> {
  if (!as) return {};
  return { 'impersonate-user': as.user, ...(as.groups.length > 0 && { 'impersonate-group': as.groups.join(', ') }) };
}

function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The protocols that tell it where a WebSocket takes no headers of ours. */
export function impersonationProtocols(as: ViewedAs | undefined): string[] {
  return as ? [IMPERSONATION_PROTOCOL + base64url(JSON.stringify(as))] : [];
}

/** The field of a handshake that tells it. */
export function impersonationHandshake(as: ViewedAs | undefined): {
  readonly auth?: { readonly impersonate: ViewedAs };
} {
  return as ? { auth: { impersonate: as } } : {};
}
