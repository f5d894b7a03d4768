'use client';

import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { Panel, StatusGlyph } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Age } from '../objects/age.js';
import { conditionsOf } from '../view/conditions.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { type Reason, scalingReasons } from './reasons.js';

function ReasonLine({ reason: { tone, words, count, detail, since } }: { reason: Reason }) {
  const t = useTranslations('scaling');
  return (
    <li className="flex gap-2.5 border-b border-line/60 px-4 py-2 text-sm last:border-0">
      <StatusGlyph tone={tone} className="mt-0.75" />
      <div className="min-w-0 flex-1">
        <p>{t(words, { count })}</p>
        {detail && <p className="break-words text-ink-3">{detail}</p>}
      </div>
      <span className="text-xs text-ink-3">
        <Age time={since} />
      </span>
    </li>
  );
}

/** What its conditions mean. */
export function ScalingReasons({ object }: PanelProps) {
  const t = useTranslations('scaling');
  const { spec } = as<HorizontalPodAutoscaler>(object) as Partial<HorizontalPodAutoscaler>;
  const reasons = scalingReasons(conditionsOf(object), spec);
  if (reasons.length === 0) return null;
  return (
    <Panel title={t('title')} flush>
      <ul>
        {reasons.map((reason) => (
          <ReasonLine key={reason.type} reason={reason} />
        ))}
      </ul>
    </Panel>
  );
}
