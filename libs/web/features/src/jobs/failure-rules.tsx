'use client';

import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { useTranslations } from 'next-intl';
import { PodLink } from '../objects/pod-link.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, None } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { ruleMatches, ruleText } from './failures.js';
import { useJobPods } from './use-job-pods.js';

const NAMED = 3;

function Matched({ pods }: { pods: readonly Pod[] }) {
  const t = useTranslations('detail');
  if (pods.length === 0) return <None />;
  return (
    <ul className="flex flex-col gap-0.5">
      {pods.slice(0, NAMED).map((pod) => (
        <li key={pod.metadata.uid}>
          <PodLink pod={pod} />
        </li>
      ))}
      {pods.length > NAMED && <li className="text-ink-3">{t('showMore', { count: pods.length - NAMED })}</li>}
    </ul>
  );
}

/** The rules by which failures are judged, and which Pods each of them was the first to fit. Nothing where there are none. */
export function FailureRules({ object }: PanelProps) {
  const t = useTranslations('batch');
  const { pods } = useJobPods(object);
  const matches = ruleMatches(as<Job>(object), pods);
  if (matches.length === 0) return null;
  const rows = matches.map(({ rule, pods: matched }, index) => [
    <Mono key="index">{String(index)}</Mono>,
    <Mono key="action">{rule.action}</Mono>,
    <Mono key="on">{ruleText(rule)}</Mono>,
    <Matched key="pods" pods={matched} />,
  ]);
  const head = [t('rule'), t('ruleAction'), t('ruleOn'), t('ruleMatched')];
  return <RowsPanel title={t('failurePolicy')} head={head} rows={rows} none="" />;
}
