'use client';

import { useConnection, useLiveClient, useNow } from '@binnacle/web-data';
import { Button, NoticeBar } from '@binnacle/web-ui';
import { CloudOff, Pause } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useIsCutOff } from '../known/still-loading.js';

/** A blip shorter than this is nobody's business. */
const QUIET_MILLISECONDS = 1_000;

/** Says that what is shown may be old: late enough not to flicker, once, and at the foot, where it moves nothing. */
export function ConnectionBar() {
  const t = useTranslations('live');
  const format = useFormatter();
  const client = useLiveClient();
  const { state, since, asOf, paused, pausedAt } = useConnection();
  const now = useNow();
  const cutOff = useIsCutOff();
  const time = format.dateTime(asOf, { timeStyle: 'medium' });
  if (state !== 'live') {
    if (now - since < QUIET_MILLISECONDS) return null;
    return (
      <NoticeBar tone="warn" role="status" icon={<CloudOff aria-hidden="true" />}>
        <span className="font-medium">{cutOff ? t('noLine') : t('unreachable')}</span>{' '}
        {state === 'reconnecting' && <span>{t('staleSince', { time })}</span>}
      </NoticeBar>
    );
  }
  if (!paused) return null;
  const resume = <Button onClick={() => client.pause(false)}>{t('resume')}</Button>;
  return (
    <NoticeBar tone="info" role="status" icon={<Pause aria-hidden="true" />} actions={resume}>
      {t('pausedBar', { time: format.dateTime(pausedAt, { timeStyle: 'medium' }) })}
    </NoticeBar>
  );
}
