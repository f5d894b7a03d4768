import { StatusGlyph } from '@binnacle/web-ui';
import type { UnstructuredObject } from '@binnacle/web-data';
import { Link } from '../objects/link.js';
import type { KindColumn, KindView, ObjectStatus } from '../view/kind-view.js';
import { Age } from '../objects/age.js';
import { KindLink, linkClass } from '../objects/links.js';
import { Quiet } from '../objects/text.js';
import { usePages } from '../objects/use-pages.js';
import { eventFields } from '../events/event-fields.js';

function eventStatus(object: UnstructuredObject): ObjectStatus {
  const { type } = eventFields(object);
  return { tone: type === 'Warning' ? 'warn' : 'idle', label: type };
}

function ReasonLink({ object }: { object: UnstructuredObject }) {
  const href = usePages().object(object);
  const { reason } = eventFields(object);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StatusGlyph tone={eventStatus(object).tone} />
      {href ? (
        <Link href={href} data-row-link="" className={`${linkClass} truncate font-medium`}>
          {reason}
        </Link>
      ) : (
        <span className="truncate font-medium">{reason}</span>
      )}
    </span>
  );
}

function InvolvedObject({ event }: { event: UnstructuredObject }) {
  const { kind = '', name = '', namespace, apiVersion = 'v1' } = eventFields(event).object;
  return (
    <span title={`${kind}/${name}`} className="flex min-w-0">
      <span className="text-ink-3">{kind}/</span>
      <KindLink apiVersion={apiVersion} kind={kind} namespace={namespace} name={name} cut />
    </span>
  );
}

const columns: NonNullable<KindView['columns']> = (t): KindColumn[] => [
  {
    id: 'reason',
    title: t('columns.reason'),
    track: 'minmax(8rem,0.9fr)',
    value: (object) => eventFields(object).reason,
    cell: (object) => <ReasonLink object={object} />,
  },
  {
    id: 'object',
    title: t('columns.object'),
    track: 'minmax(9rem,1.2fr)',
    from: 560,
    value: (object) => `${eventFields(object).object.kind}/${eventFields(object).object.name}`,
    cell: (object) => <InvolvedObject event={object} />,
  },
  {
    id: 'message',
    title: t('columns.message'),
    track: 'minmax(7rem,2.4fr)',
    value: (object) => eventFields(object).message,
    cell: (object) => (
      <span title={eventFields(object).message} className="text-ink-2">
        {eventFields(object).message}
      </span>
    ),
  },
  {
    id: 'count',
    title: t('columns.count'),
    track: '4rem',
    align: 'end',
    from: 900,
    value: (object) => eventFields(object).count,
    cell: (object) => <Quiet>{eventFields(object).count}</Quiet>,
  },
  {
    id: 'lastSeen',
    title: t('columns.lastSeen'),
    track: '5.5rem',
    align: 'end',
    value: (object) => -Date.parse(eventFields(object).lastSeen),
    cell: (object) => (
      <Quiet>
        <Age time={eventFields(object).lastSeen} />
      </Quiet>
    ),
  },
];

export const eventView: KindView = {
  status: eventStatus,
  columns,
  frame: 'none',
  sort: 'lastSeen',
  actions: { fleeting: true },
  words: (event) => {
    const { reason, message, object } = eventFields(event);
    return [reason, message, object.name ?? '', event.metadata.namespace ?? ''];
  },
  facts: (object, t) => {
    const { reason, message, count, source, lastSeen } = eventFields(object);
    return [
      { column: 'object', label: t('columns.object'), value: <InvolvedObject event={object} /> },
      { column: 'reason', label: t('columns.reason'), value: reason },
      { column: 'message', label: t('columns.message'), value: message },
      { column: 'count', label: t('columns.count'), value: count },
      { label: t('columns.source'), value: source },
      { column: 'lastSeen', label: t('columns.lastSeen'), value: <Age time={lastSeen} /> },
    ];
  },
};
