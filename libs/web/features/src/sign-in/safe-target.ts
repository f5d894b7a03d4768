import { MAIN_CLUSTER, pages } from '@binnacle/web-data/paths';

/** Only addresses of our own: a link must not lead from the sign-in page to a stranger's. */
export function safeTarget(to: string | null): string {
  const fallback = pages.overview(MAIN_CLUSTER);
  if (!to?.startsWith('/') || to.startsWith('//') || to.includes('\\')) return fallback;
  return to;
}
