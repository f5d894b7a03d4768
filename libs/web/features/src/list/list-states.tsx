'use client';

import type { Status } from '@binnacle/machinery-meta';
import { type Knowledge, type Resource, resourceId, type Right } from '@binnacle/web-data';
import { Button, CopyButton, Empty } from '@binnacle/web-ui';
import { CircleHelp, Inbox, Lock, SearchX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { explainMissing } from '../rights/explained.js';
import { missingText } from '../rights/right-text.js';
import { useReservation } from '../known/as-of.js';

interface ListFaultProps {
  readonly error: Status;
  /** There is no other heading. */
  readonly page?: boolean;
  /** What would have let it. */
  readonly right?: Right | undefined;
}

/** No permission is told from broken, both in the server's own words. */
export function ListFault({ error, page = false, right }: ListFaultProps) {
  const t = useTranslations('state');
  const rights = useTranslations() as unknown as Translate;
  if (error.code === 403) {
    return (
      <Empty page={page} icon={<Lock />} title={t('denied')}>
        {right && <p className="text-ink-2">{missingText(rights, right)}</p>}
        <p>{t('deniedHint', { message: error.message ?? '' })}</p>
        {right && (
          <Button className="mt-3" onClick={() => explainMissing(right)}>
            {rights('rights.whoCould')}
          </Button>
        )}
      </Empty>
    );
  }
  return (
    <Empty page={page} icon={<TriangleAlert />} title={t('failed')}>
      {error.message}
    </Empty>
  );
}

export function UnknownKind({ id }: { id: string }) {
  const t = useTranslations('list');
  return (
    <Empty page icon={<CircleHelp />} title={t('unknownKind', { kind: id })}>
      {t('unknownKindHint')}
    </Empty>
  );
}

interface ListEmptyProps {
  readonly resource: Resource;
  readonly title: string;
  readonly namespace: string;
  readonly total: number;
  /** Filters that would find what the one typed did not. */
  readonly suggestions: readonly string[];
  readonly onSuggestion: (query: string) => void;
  readonly knowledge: Knowledge;
  readonly onClear: () => void;
}

function Command({ text }: { text: string }) {
  const t = useTranslations('app');
  return (
    <span className="mt-3 inline-flex items-center gap-1 rounded-md border border-line bg-sunken py-1 pr-1 pl-3 font-mono text-xs text-ink-2">
      {text}
      <CopyButton text={text} label={t('copy')} />
    </span>
  );
}

/** Tells an empty list from one whose filter hides everything. */
export function ListEmpty({ resource, title, namespace, total, knowledge, ...filter }: ListEmptyProps) {
  const t = useTranslations('list');
  const reservation = useReservation(knowledge);
  if (total > 0) {
    return (
      <Empty icon={<SearchX />} title={t('noMatch')}>
        <p>{t('noMatchHint', { total })}</p>
        <p className="mt-3 flex flex-wrap justify-center gap-2">
          {filter.suggestions.map((query) => (
            <Button key={query} onClick={() => filter.onSuggestion(query)}>
              <code className="font-mono text-xs">{query}</code>
            </Button>
          ))}
          <Button onClick={filter.onClear}>{t('clearFilter')}</Button>
        </p>
      </Empty>
    );
  }
  const words = [
    'kubectl get',
    resourceId(resource),
    namespace ? `-n ${namespace}` : resource.namespaced ? '-A' : '',
    '-w',
  ];
  const none = namespace ? t('emptyIn', { kind: title, namespace }) : t('empty', { kind: title });
  if (reservation) {
    return (
      <Empty icon={<Inbox />} title={none}>
        {reservation.text}
      </Empty>
    );
  }
  return (
    <Empty icon={<Inbox />} title={none}>
      <p>{t('emptyHint')}</p>
      <Command text={words.filter(Boolean).join(' ')} />
    </Empty>
  );
}
