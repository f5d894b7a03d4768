'use client';

import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { pages } from '@binnacle/web-data';
import { buttonClass, Empty } from '@binnacle/web-ui';
import { Compass } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';

/** In place of a cluster that is not there. */
export function NoSuchCluster({ name }: { name: string }) {
  const t = useTranslations('state');
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <Empty page icon={<Compass />} title={t('noCluster', { name })}>
        <p>{t('noClusterHint')}</p>
        <Link href={pages.overview(DEFAULT_CLUSTER)} className={`${buttonClass()} mt-3`}>
          {t('toMain', { name: DEFAULT_CLUSTER })}
        </Link>
      </Empty>
    </main>
  );
}

/** Within the frame of a cluster. */
export function NoSuchPage() {
  const t = useTranslations();
  return (
    <Empty page icon={<Compass />} title={t('state.noPage')}>
      <Link href="/" className={`${buttonClass()} mt-3`}>
        {t('nav.overview')}
      </Link>
    </Empty>
  );
}

export function NotFoundPage() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <NoSuchPage />
    </main>
  );
}
