'use client';

import type { Decision } from '@binnacle/apis-kubernetes/decisions/v1';
import { type Resource } from '@binnacle/web-data';
import { Status, type Tone } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { KindLink } from '../objects/links.js';
import { BestTable } from './best-table.js';
import { HeatMap } from './heat-map.js';
import { NodeList } from './node-list.js';
import { nodeMarks, type ReasonKey } from './node-marks.js';
import { ReasonTable } from './reason-table.js';
import { useDecisionNodes } from './use-decisions.js';

const TONES: Readonly<Record<Decision['status']['result'], Tone>> = {
  Scheduled: 'ok',
  Unschedulable: 'warn',
  Error: 'error',
};

const MILLISECOND = 1_000;

const tookText = (micros: number): string =>
  micros < MILLISECOND ? `${micros} µs` : `${Number((micros / MILLISECOND).toPrecision(2))} ms`;

/** What was decided, in a few words. */
function Headline({ decision: { spec, status } }: { decision: Decision }) {
  const t = useTranslations('decisions');
  const { queuedBy: event, queuedByObject: object, attempt } = spec;
  const { nodes, feasibleNodes: feasible, nodeName: node = '' } = status;
  const parts = [
    t('feasible', { feasible, nodes }),
    t('attempt', { attempt }),
    object ? t('queuedObject', { event, object }) : t('queued', { event }),
    t('took', { time: tookText(status.durationMicroseconds) }),
  ];
  return (
    <div className="flex flex-col gap-1 text-sm">
      <Status tone={TONES[status.result]}>{t(`why.${status.result}`, { node })}</Status>
      <p className="text-ink-2">{parts.join(' · ')}</p>
      {status.message && <p className="break-words text-ink-2">{status.message}</p>}
    </div>
  );
}

/** Who makes room. */
function Preemption({ decision: { status } }: { decision: Decision }) {
  const t = useTranslations('decisions');
  const { node, victims = [], moreVictims = 0, message } = status.preemption ?? {};
  if (!status.preemption || (!node && !message)) return null;
  return (
    <section aria-label={t('preemption')} className="text-sm">
      <h3 className="font-medium">{t('preemption')}</h3>
      <p className="text-ink-2">{node ? t('preempts', { node, count: victims.length + moreVictims }) : message}</p>
      <ul className="flex flex-wrap gap-x-3">
        {victims.map(({ namespace, name, priority }) => (
          <li key={`${namespace}/${name}`}>
            <KindLink apiVersion="v1" kind="Pod" namespace={namespace} name={name} />{' '}
            <span className="tabular text-ink-3">{priority}</span>
          </li>
        ))}
      </ul>
      {moreVictims > 0 && <p className="text-ink-3">{t('hidden', { count: moreVictims })}</p>}
    </section>
  );
}

/** One attempt: every node, what most had against the Pod, and what spoke for the best. */
export function DecisionView({ decision, resource }: { decision: Decision; resource: Resource }) {
  const t = useTranslations('decisions');
  const [lit, light] = useState<ReasonKey>();
  const nodes = useDecisionNodes(resource, decision);
  const { status } = decision;
  const marks = useMemo(() => nodes && nodeMarks(nodes, status.nodeName), [nodes, status.nodeName]);
  return (
    <div className="flex flex-col gap-4">
      <Headline decision={decision} />
      {marks && <HeatMap marks={marks} lit={lit} label={t('map')} />}
      {!status.nodeDetail && status.nodes > 0 && <p className="text-xs text-ink-3">{t('mapNone')}</p>}
      <Preemption decision={decision} />
      {(status.rejections.length > 0 || status.result !== 'Scheduled') && (
        <ReasonTable status={status} lit={lit} light={marks && light} />
      )}
      {status.bestNodes.length > 0 && <BestTable status={status} />}
      {marks && <NodeList marks={marks} lit={lit} />}
    </div>
  );
}
