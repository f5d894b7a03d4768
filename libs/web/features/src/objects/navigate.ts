'use client';

import { useMemo } from 'react';
import { showToast } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';

/** What answers as long as there is anything to load a page from. */
const FRONT_DOOR = '/healthz/web';

async function isReachable(): Promise<boolean> {
  try {
    return (await fetch(FRONT_DOOR, { cache: 'no-store' })).ok;
  } catch {
    // Just what is asked.
    return false;
  }
}

/** Runs what loads a page anew, but not where that would end on the browser's own error page. Answers whether it ran. */
export async function loadPage(load: () => void): Promise<boolean> {
  const reachable = await isReachable();
  if (reachable) load();
  return reachable;
}

const clusterOf = (pathname: string): string | undefined => /^\/c\/([^/]+)/.exec(pathname)?.[1];

/** Every page of one cluster is here already: going there asks no server for anything. */
function isHere(href: string): boolean {
  const cluster = clusterOf(new URL(href, window.location.href).pathname);
  return cluster !== undefined && cluster === clusterOf(window.location.pathname);
}

interface Navigation {
  push(href: string): void;
  replace(href: string): void;
}

/** Goes from page to page within this one, so that it works while no server can be reached. */
export function useNavigation(): Navigation {
  const t = useTranslations('live');
  return useMemo(() => {
    const go = (href: string, write: 'pushState' | 'replaceState') => {
      if (isHere(href)) return window.history[write](null, '', href);
      void loadPage(() => window.location.assign(href)).then((left) => {
        if (!left) showToast({ tone: 'error', text: t('cannotLeave') });
      });
    };
    return { push: (href) => go(href, 'pushState'), replace: (href) => go(href, 'replaceState') };
  }, [t]);
}
