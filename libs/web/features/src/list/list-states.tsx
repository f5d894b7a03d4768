'use client';

import type { Status } from '@binnacle/machinery-meta';
import { type LivePhase, type Resource, resourceId, useConnection } from '@binnacle/web-data';
import { Button, CopyButton, Empty, SkeletonRows, Tag } from '@binnacle/web-ui';
import { CircleHelp, Inbox, Lock, SearchX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';

export function ListLoading() {
  const t = useTranslations('app');
  return <SkeletonRows rows={12} label={t('loading')} />;
}

/** The server answers, but does not give this list at the moment. Late, so that a list that is resumed does not flicker. */
export function StaleTag({ phase }: { phase: LivePhase }) {
  const t = useTranslations('state');
  const { state } = useConnection();
  if (phase !== 'stale' || state !== 'live') return null;
  return (
    <span role="status" className="[animation:enter_140ms_1s_both]">
      <Tag tone="warn">{t('stale')}</Tag>
    </span>
  );
}

/** No permission is told from broken, both in the server's own words. */
export function ListFault({ error }: { error: Status }) {
  const t = useTranslations('state');
  if (error.code === 403) {
    return (
      <Empty icon={<Lock />} title={t('denied')}>
        {t('deniedHint', { message: error.message ?? '' })}
      </Empty>
    );
  }
  return (
    <Empty icon={<TriangleAlert />} title={t('failed')}>
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
export function ListEmpty({ resource, title, namespace, total, onClear }: ListEmptyProps) {
  const t = useTranslations('list');
  if (total > 0) {
    return (
      <Empty icon={<SearchX />} title={t('noMatch')}>
        <p>{t('noMatchHint', { total })}</p>
        <Button className="mt-3" onClick={onClear}>
          {t('clearFilter')}
        </Button>
      </Empty>
    );
  }
  const words = [
    'kubectl get',
    resourceId(resource),
    namespace ? `-n ${namespace}` : resource.namespaced ? '-A' : '',
    '-w',
  ];
  return (
    <Empty icon={<Inbox />} title={namespace ? t('emptyIn', { kind: title, namespace }) : t('empty', { kind: title })}>
      <p>{t('emptyHint')}</p>
      <Command text={words.filter(Boolean).join(' ')} />
    </Empty>
  );
}
