'use client';

import type { Blame } from '@binnacle/apis-kubernetes/history/v1';
import { isNotFound, StatusError } from '@binnacle/machinery-meta';
import { type Resource, rightOn, type UnstructuredObject } from '@binnacle/web-data';
import { Empty, inputClass, NoticeBar, Panel, SkeletonRows } from '@binnacle/web-ui';
import { History, SearchX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useMemo, useState } from 'react';
import { ListFault } from '../list/list-states.js';
import { findFields, setFields } from './blamed-fields.js';
import { FieldTable } from './field-table.js';
import { useBlame, useChangeKind } from './use-blame.js';

interface FaultProps {
  readonly error: Error;
  readonly kind: Resource;
  readonly namespace: string;
}

function Fault({ error, kind, namespace }: FaultProps) {
  const t = useTranslations();
  if (isNotFound(error)) {
    return (
      <Empty icon={<History />} title={t('blame.gone')}>
        {t('blame.goneHint')}
      </Empty>
    );
  }
  if (error instanceof StatusError) {
    return <ListFault error={error.toStatus()} right={rightOn('get', kind, { subresource: 'blame', namespace })} />;
  }
  return (
    <Empty icon={<TriangleAlert />} title={t('state.failed')}>
      {error.message}
    </Empty>
  );
}

function Reservations({ blame: { complete, moreFields = 0 } }: { blame: Blame }) {
  const t = useTranslations('blame');
  if (complete && moreFields === 0) return null;
  return (
    <NoticeBar tone="info" role="status" icon={<History aria-hidden="true" />}>
      {!complete && <p>{t('incomplete')}</p>}
      {moreFields > 0 && <p>{t('more', { count: moreFields })}</p>}
    </NoticeBar>
  );
}

interface FieldsProps {
  readonly blame: Blame;
  readonly kind: Resource;
  readonly namespace: string;
}

function Fields({ blame, kind, namespace }: FieldsProps) {
  const t = useTranslations('blame');
  const [text, setText] = useState('');
  const late = useDeferredValue(text);
  const fields = useMemo(() => setFields(blame), [blame]);
  const found = useMemo(() => findFields(fields, late), [fields, late]);
  return (
    <>
      <Reservations blame={blame} />
      <div className="flex flex-col gap-3 px-4 py-4 md:px-6">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <input
            type="search"
            aria-label={t('find')}
            placeholder={t('find')}
            value={text}
            onChange={({ target }) => setText(target.value)}
            className={`${inputClass} max-w-80`}
          />
          <p role="status" className="text-sm text-ink-3">
            {t('lead', {
              revision: blame.metadata.name ?? '',
              fields: fields.length,
              changes: blame.changes.length,
            })}
          </p>
        </div>
        <Panel title={t('title')} count={found.length} flush>
          {found.length === 0 ? (
            <Empty compact icon={<SearchX />} title={t('none')} />
          ) : (
            <FieldTable key={late} fields={found} kind={kind} namespace={namespace} />
          )}
        </Panel>
      </div>
    </>
  );
}

function Body({ object, kind }: { object: UnstructuredObject; kind: Resource }) {
  const t = useTranslations('app');
  const { blame, error, namespace } = useBlame(kind, object);
  // What was told stays where the next question is not answered for a while; what is refused does not.
  const refused = error instanceof StatusError || !blame;
  if (error && refused) return <Fault error={error} kind={kind} namespace={namespace} />;
  if (!blame) return <SkeletonRows label={t('loading')} />;
  return <Fields blame={blame} kind={kind} namespace={namespace} />;
}

/** Who set each field of an object, when, and by what. */
export function BlameTab({ object }: { object: UnstructuredObject }) {
  const kind = useChangeKind();
  return (
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]">
      {kind && <Body object={object} kind={kind} />}
    </div>
  );
}
