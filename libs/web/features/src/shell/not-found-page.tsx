'use client';

import { buttonClass, Empty } from '@binnacle/web-ui';
import { Compass } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

export function NotFoundPage() {
  const t = useTranslations();
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <Empty page icon={<Compass />} title={t('state.noPage')}>
        <Link href="/" className={`${buttonClass()} mt-3`}>
          {t('nav.overview')}
        </Link>
      </Empty>
    </main>
  );
}
