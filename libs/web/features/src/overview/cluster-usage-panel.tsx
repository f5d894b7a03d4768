'use client';

import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type LiveView, useKnowledge, useLive } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';
import { type NodeUsage, nodeUsage } from '../nodes/node-usage.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { together, type Usage, usageOf } from '../usage/amounts.js';
import type { UsageBounds } from '../usage/measured-kinds.js';
import { UsageChart } from '../usage/usage-chart.js';

/** Of more nodes than this the hour is not added up in a page: only what they use now. */
const MANY_NODES = 300;
const HOUR = 'window=1h,step=60s';
const NOW = 'window=15m,step=15m';

/** What all nodes together have used; undefined where that is not known. */
function useClusterUsage(nodes: number) {
  const fieldSelector = nodes > MANY_NODES ? NOW : HOUR;
  const view = useLive(useQueryOf('nodeusages.usage.binnacle.dev', { fieldSelector }));
  const usage = useMemo(() => together(view.items.map(usageOf)), [view.items]);
  return { view, usage };
}

function boundsOf(all: readonly NodeUsage[], resource: 'cpu' | 'memory', isAsked: boolean): UsageBounds {
  const sum = (of: 'used' | 'total') => all.reduce((total, node) => total + node[resource][of], 0);
  return { ...(isAsked && { request: sum('used') }), allocatable: sum('total') };
}

function Charts({ usage, all, isAsked }: { usage: Usage; all: readonly NodeUsage[]; isAsked: boolean }) {
  const t = useTranslations('usage');
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      {(['cpu', 'memory'] as const).map((resource) => (
        <UsageChart
          key={resource}
          name={t('cluster')}
          usage={usage}
          resource={resource}
          bounds={boundsOf(all, resource, isAsked)}
        />
      ))}
    </div>
  );
}

function podsByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = pod.spec?.nodeName ?? '';
    const there = found.get(name);
    if (there) there.push(pod);
    else found.set(name, [pod]);
  }
  return found;
}

/** What the cluster has used within the last hour, beside what is asked of it and what there is. */
export function ClusterUsagePanel({ nodes }: { nodes: LiveView }) {
  const t = useTranslations('usage');
  const { view, usage } = useClusterUsage(nodes.items.length);
  const pods = useLive(useQueryOf('pods', {}));
  const knowledge = useKnowledge(view);
  const all = useMemo(() => {
    const found = podsByNode(pods.items as unknown as readonly Pod[]);
    return (nodes.items as unknown as readonly Node[]).map((node) =>
      nodeUsage(node, found.get(node.metadata.name ?? '') ?? []),
    );
  }, [nodes.items, pods.items]);
  if (knowledge.certainty === 'absent' || (knowledge.certainty === 'current' && !usage)) return null;
  return (
    <Panel title={t('cluster')} actions={<AsOf knowledge={knowledge} />}>
      <Answer knowledge={knowledge} isEmpty={!usage} none={{ title: t('none') }} rows={3} compact>
        {usage && <Charts usage={usage} all={all} isAsked={!pods.error && pods.phase === 'live'} />}
      </Answer>
    </Panel>
  );
}
