'use client';

import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { PodLink } from '../objects/pod-link.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, None } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { failedIndexes, failureOf } from './failures.js';
import { useJobPods } from './use-job-pods.js';

/** More rows than this nobody reads; the strip above shows them all. */
const MOST_ROWS = 50;

/** The indexes whose Pods failed, with the last of those Pods and why. Nothing where none did. */
export function FailedIndexes({ object }: PanelProps) {
  const t = useTranslations('batch');
  const { pods } = useJobPods(object);
  const failed = failedIndexes(as<Job>(object), pods, MOST_ROWS);
  if (failed.length === 0) return null;
  const rows = failed.map(({ index, tries, last, isFinal }) => [
    <Mono key="index">{String(index)}</Mono>,
    <Status key="state" tone={isFinal ? 'error' : 'warn'}>
      {t(isFinal ? 'givenUp' : 'triedAgain')}
    </Status>,
    tries > 0 ? String(tries) : <None key="tries" />,
    last ? <PodLink key="pod" pod={last} /> : <None key="pod" />,
    last ? <Mono key="why">{failureOf(last)}</Mono> : <None key="why" />,
  ]);
  const head = [t('indexHead'), t('outcome'), t('tries'), t('lastPod'), t('why')];
  return <RowsPanel title={t('indexFailures')} head={head} rows={rows} none="" />;
}
