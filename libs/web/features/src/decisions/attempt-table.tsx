'use client';

import type { Decision } from '@binnacle/apis-kubernetes/decisions/v1';
import { Button } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { None, Quiet } from '../objects/text.js';

interface AttemptTableProps {
  readonly decisions: readonly Decision[];
  readonly shown: Decision;
  readonly show: (uid: string) => void;
}

/** The attempts there were, of which one is looked at. */
export function AttemptTable({ decisions, shown, show }: AttemptTableProps) {
  const t = useTranslations('decisions');
  const rows = decisions.map(({ metadata, spec, status }) => {
    const node = status.nodeName ?? status.preemption?.node;
    return [
      <Button
        key="attempt"
        variant="ghost"
        aria-pressed={metadata.uid === shown.metadata.uid}
        aria-label={t('look', { attempt: spec.attempt })}
        className="tabular -my-1.5 -ml-2.5 aria-pressed:bg-selected"
        onClick={() => show(metadata.uid ?? '')}
      >
        {spec.attempt}
      </Button>,
      <Age key="when" time={status.time} />,
      status.result,
      node ? <KindLink key="node" apiVersion="v1" kind="Node" name={node} /> : <None key="node" />,
      <span key="feasible" className="tabular">{`${status.feasibleNodes}/${status.nodes}`}</span>,
      <Quiet key="event">{[spec.queuedBy, spec.queuedByObject].filter(Boolean).join(' · ')}</Quiet>,
    ];
  });
  const head = [t('history'), t('when'), t('result'), t('node'), t('count'), t('event')];
  return <RowsPanel title={t('history')} head={head} rows={rows} none={t('none')} />;
}
