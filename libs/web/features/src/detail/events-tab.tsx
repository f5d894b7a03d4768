'use client';

import { type UnstructuredObject, useKnowledge } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { CalendarClock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { EventList } from '../events/event-list.js';
import { useObjectEvents } from '../events/use-object-events.js';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';

export function EventsTab({ object }: { object: UnstructuredObject }) {
  const t = useTranslations();
  const { events, view } = useObjectEvents(object);
  const knowledge = useKnowledge(view);
  const none = { icon: <CalendarClock />, title: t('detail.noEvents'), hint: t('detail.noEventsHint') };
  return (
    <Answer knowledge={knowledge} isEmpty={events.length === 0} none={none}>
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-4 py-4 outline-offset-[-2px] md:px-6">
        <AsOf knowledge={knowledge} />
        <Panel flush>
          <EventList events={events} />
        </Panel>
      </div>
    </Answer>
  );
}
