'use client';

import type { Knowledge } from '@binnacle/web-data';
import { Tag } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';

/** In words: until when, or of how much, what stands beside it is true. Undefined where it is true now, and of all. */
export function useReservation({ certainty, asOf, error }: Knowledge): { text: string; why?: string } | undefined {
  const t = useTranslations('known');
  const format = useFormatter();
  if (certainty === 'partial') return { text: t('partial'), ...(error?.message && { why: error.message }) };
  if (certainty !== 'stale' && certainty !== 'held') return undefined;
  return { text: t('asOf', { time: format.dateTime(asOf, { timeStyle: 'medium' }) }) };
}

/** Late, so that a line that is lost for a moment makes nothing flicker. */
export function AsOf({ knowledge }: { knowledge: Knowledge }) {
  const reservation = useReservation(knowledge);
  if (!reservation) return null;
  const tone = knowledge.certainty === 'held' ? undefined : 'warn';
  return (
    <span data-as-of="" title={reservation.why} className="[animation:enter_140ms_1s_both]">
      <Tag {...(tone && { tone })}>{reservation.text}</Tag>
    </span>
  );
}
