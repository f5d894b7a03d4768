'use client';

import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';

/** What the address ends in; as it is written where that is no address of ours. */
function lastPart(pathname: string): string {
  const last = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** After a change of page: gives it a title, says which one it is, and takes the focus to its content. */
export function RouteAnnouncer() {
  const t = useTranslations('app');
  const pathname = usePathname();
  const first = useRef(true);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const heading = document.querySelector('main h1')?.textContent?.trim();
    const title = heading || lastPart(pathname);
    document.title = `${title} · ${t('name')}`;
    if (first.current) {
      first.current = false;
      return;
    }
    setSaid(t('openedPage', { title }));
    const main = document.querySelector<HTMLElement>('main');
    if (!main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
  }, [pathname, t]);
  return (
    <p role="status" aria-live="assertive" className="sr-only">
      {said}
    </p>
  );
}
