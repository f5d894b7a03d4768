'use client';

import { type ViewedAs, viewedAs } from '@binnacle/web-data';
import { Kbd, showToast, useShortcuts } from '@binnacle/web-ui';
import { Glasses } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useState } from 'react';
import { changeView } from './change-view.js';

/** Works while somebody types or a dialog is open. */
const END_KEY = 'f9';
/** The pages below it are that much lower. */
const ROOM = '--bar';
const HEIGHT = '2.5rem';

function useEnd(): () => void {
  const t = useTranslations('live');
  return () =>
    void changeView(undefined).then((left) => {
      if (!left) showToast({ tone: 'error', text: t('cannotLeave') });
    });
}

/** A server draws the page before the tab can say what it keeps. */
function useViewedAs(): ViewedAs | undefined {
  const [as, setAs] = useState<ViewedAs>();
  useEffect(() => setAs(viewedAs()), []);
  return as;
}

function Bar({ as }: { as: ViewedAs }) {
  const t = useTranslations('viewAs');
  const end = useEnd();
  useShortcuts({ [END_KEY]: end });
  useLayoutEffect(() => {
    document.documentElement.style.setProperty(ROOM, HEIGHT);
    return () => void document.documentElement.style.removeProperty(ROOM);
  }, []);
  return (
    <>
      <div
        role="region"
        aria-label={t('region')}
        data-view-as=""
        style={{ height: HEIGHT }}
        className="sticky top-0 z-50 flex items-center gap-3 bg-warn px-4 text-sm text-surface"
      >
        <Glasses className="size-4 shrink-0" aria-hidden="true" />
        <p role="status" className="min-w-0 flex-1 truncate font-medium" title={as.groups.join(', ')}>
          {t('bar', { user: as.user })}
          {as.groups.length > 0 && (
            <span className="font-normal max-sm:hidden"> {t('withGroups', { groups: as.groups.join(', ') })}</span>
          )}
        </p>
        <button
          type="button"
          onClick={end}
          className="flex h-7 shrink-0 items-center gap-2 rounded-md bg-surface px-2.5 font-medium text-ink hover:bg-hover"
        >
          {t('end')}
          <Kbd keys="F9" />
        </button>
      </div>
      <div aria-hidden="true" className="pointer-events-none fixed inset-0 z-50 border-4 border-warn" />
    </>
  );
}

/** Says as whom everything is seen and done, on every page and whatever else it shows, and ends it. */
export function ViewAsBar() {
  const as = useViewedAs();
  return as ? <Bar as={as} /> : null;
}
