'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { Empty, Panel, SkeletonRows } from '@binnacle/web-ui';
import { CalendarClock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { EventList } from '../events/event-list.js';
import { useObjectEvents } from '../events/use-object-events.js';
import { ListFault } from '../list/list-states.js';

export function EventsTab({ object }: { object: UnstructuredObject }) {
  const t = useTranslations();
  const { events, view } = useObjectEvents(object);
  if (view.error) return <ListFault error={view.error} />;
  if (view.phase === 'loading') return <SkeletonRows label={t('app.loading')} />;
  if (events.length === 0) {
    return (
      <Empty icon={<CalendarClock />} title={t('detail.noEvents')}>
        {t('detail.noEventsHint')}
      </Empty>
    );
  }
  return (
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-4 py-4 outline-offset-[-2px] md:px-6">
      <Panel flush>
        <EventList events={events} />
      </Panel>
    </div>
  );
}
