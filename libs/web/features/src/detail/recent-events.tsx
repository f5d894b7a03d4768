'use client';

import { objectRef, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { EventList } from '../events/event-list.js';
import { useObjectEvents } from '../events/use-object-events.js';
import { linkClass } from '../objects/links.js';
import { usePages } from '../objects/use-pages.js';

const SHOWN = 6;

/** The latest events of an object; nothing at all while there are none. */
export function RecentEvents({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const pages = usePages();
  const { resources } = useCluster();
  const { events } = useObjectEvents(object);
  const resource = resources.of(object);
  if (events.length === 0) return null;
  const more = resource && events.length > SHOWN && (
    <Link
      href={pages.detail(resource, objectRef(object), 'events')}
      prefetch={false}
      className={`${linkClass} text-xs`}
    >
      {t('showMore', { count: events.length - SHOWN })}
    </Link>
  );
  return (
    <Panel title={t('events')} count={events.length} actions={more} flush>
      <EventList events={events.slice(0, SHOWN)} />
    </Panel>
  );
}
