import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { pages } from '@binnacle/web-data/paths';

const NOWHERE = 'http://nowhere.invalid';

/** Only addresses of our own: a link must not lead from the sign-in page to a stranger's. */
export function safeTarget(to: string | null): string {
  const fallback = pages.overview(DEFAULT_CLUSTER);
  if (!to?.startsWith('/') || !URL.canParse(to, NOWHERE)) return fallback;
  // As the browser will read it: a backslash, or a tab between two slashes, makes a host of what follows, and so does
  // what is left of `/..//host`.
  const { origin, pathname, search, hash } = new URL(to, NOWHERE);
  return origin === NOWHERE && !pathname.startsWith('//') ? pathname + search + hash : fallback;
}
