'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { cx, StatusGlyph } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { type EventFields, eventFields } from './event-fields.js';

function About({ object }: { object: EventFields['object'] }) {
  return (
    <span className="min-w-0 break-all text-ink-2">
      <span className="text-ink-3">
        {object.kind}/{object.namespace && `${object.namespace}/`}
      </span>
      <KindLink
        apiVersion={object.apiVersion ?? 'v1'}
        kind={object.kind ?? ''}
        namespace={object.namespace}
        name={object.name ?? ''}
      />
    </span>
  );
}

interface EventRowProps {
  readonly event: UnstructuredObject;
  readonly withObject: boolean;
  /** The same was said of so many others. */
  readonly others?: number;
}

export function EventRow({ event, withObject, others = 0 }: EventRowProps) {
  const t = useTranslations('overview');
  const { type, reason, message, count, source, lastSeen, object } = eventFields(event);
  const warning = type === 'Warning';
  return (
    <li className="flex gap-2.5 border-b border-line/60 px-4 py-2 last:border-0">
      <StatusGlyph tone={warning ? 'warn' : 'idle'} className="mt-0.75" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={cx('font-medium', warning && 'text-warn')}>{reason}</span>
          {withObject && <About object={object} />}
          {others > 0 && <span className="text-ink-2">{t('andOthers', { count: others })}</span>}
          {source && <span className="text-xs text-ink-3">{source}</span>}
        </p>
        <p className="break-words text-ink-2">{message}</p>
      </div>
      <span className="tabular text-right text-xs whitespace-nowrap text-ink-3">
        <Age time={lastSeen} />
        {count > 1 && <span className="block">×{count}</span>}
      </span>
    </li>
  );
}

export function EventList({
  events,
  withObject = false,
}: {
  events: readonly UnstructuredObject[];
  withObject?: boolean;
}) {
  return (
    <ul>
      {events.map((event) => (
        <EventRow key={event.metadata.uid ?? event.metadata.name} event={event} withObject={withObject} />
      ))}
    </ul>
  );
}
