'use client';

import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { useKnowledge, useLive } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { nodeUsage } from './node-usage.js';
import { UsageMeters } from './usage-meters.js';

/** How much of a node its Pods ask for, which is known only with every Pod. */
export function NodeCapacity({ object }: PanelProps) {
  const t = useTranslations('detail');
  const view = useLive(useQueryOf('pods', { fieldSelector: `spec.nodeName=${object.metadata.name ?? ''}` }));
  const knowledge = useKnowledge(view);
  const usage = nodeUsage(as<Node>(object), view.items as unknown as readonly Pod[]);
  return (
    <Panel title={t('capacity')} actions={<AsOf knowledge={knowledge} />}>
      <Answer knowledge={knowledge} isEmpty={false} none={{ title: '' }} rows={1} compact>
        <UsageMeters usage={usage} />
      </Answer>
    </Panel>
  );
}
