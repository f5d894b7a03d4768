'use client';

import { objectRef, type UnstructuredObject, useCluster, useKnowledge } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { EventList } from '../events/event-list.js';
import { useObjectEvents } from '../events/use-object-events.js';
import { LivePanel } from '../known/answer.js';
import { linkClass } from '../objects/links.js';
import { usePages } from '../objects/use-pages.js';

const SHOWN = 6;

/** The latest events of an object; nothing at all while there are none. */
export function RecentEvents({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const pages = usePages();
  const { resources } = useCluster();
  const { events, view } = useObjectEvents(object);
  const knowledge = useKnowledge(view);
  const resource = resources.of(object);
  if (events.length === 0) return null;
  const more = resource && events.length > SHOWN && (
    <Link href={pages.detail(resource, objectRef(object), 'events')} className={`${linkClass} text-xs`}>
      {t('showMore', { count: events.length - SHOWN })}
    </Link>
  );
  return (
    <LivePanel
      title={t('events')}
      knowledge={knowledge}
      count={events.length}
      none={{ title: t('noEvents') }}
      actions={more}
    >
      <EventList events={events.slice(0, SHOWN)} />
    </LivePanel>
  );
}
