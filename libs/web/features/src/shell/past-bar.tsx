'use client';

import { isPast, momentOf, parseMoment, presentCluster } from '@binnacle/machinery-meta';
import { pages, useCluster } from '@binnacle/web-data';
import { NoticeBar } from '@binnacle/web-ui';
import { History } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';

/** Says which moment is seen, where it is not the present, and leads back to it. */
export function PastBar() {
  const t = useTranslations('past');
  const format = useFormatter();
  const { cluster } = useCluster();
  if (!isPast(cluster)) return null;
  const name = presentCluster(cluster);
  const moment = parseMoment(momentOf(cluster) ?? '');
  const back = (
    <Link href={pages.overview(name)} className="shrink-0 font-medium text-accent underline-offset-2 hover:underline">
      {t('back')}
    </Link>
  );
  const time = moment && 'time' in moment && format.dateTime(moment.time, { dateStyle: 'medium', timeStyle: 'medium' });
  const revision = moment && 'revision' in moment && String(moment.revision);
  return (
    <NoticeBar tone="info" role="status" icon={<History aria-hidden="true" />} actions={back}>
      <span className="font-medium">
        {time && t('atTime', { name, time })}
        {revision && t('atRevision', { name, revision })}
      </span>{' '}
      {t('readOnly')}
    </NoticeBar>
  );
}
