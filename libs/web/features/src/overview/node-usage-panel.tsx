'use client';

import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type LiveView, type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { type Column, compareValues, DataTable } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useNavigation } from '../objects/navigate.js';
import { useMemo } from 'react';
import { as } from '../view/kind-view.js';
import { LivePanel } from '../known/answer.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { useTableLabels } from '../list/use-table-labels.js';
import { type NodeUsage, nodeUsage } from '../nodes/node-usage.js';
import { nodeStatus } from '../nodes/node-status.js';
import { UsageMeter } from '../nodes/usage-meters.js';
import { NameLink } from '../objects/links.js';
import { formatBytes, formatCores } from '../objects/quantities.js';
import { None } from '../objects/text.js';
import { usePages } from '../objects/use-pages.js';

interface NodeRow {
  readonly node: UnstructuredObject;
  /** Undefined where the Pods may not be seen. */
  readonly usage: NodeUsage | undefined;
}

function useUsageColumns(): Column<NodeRow>[] {
  const t = useTranslations();
  return useMemo(
    () => [
      {
        id: 'name',
        title: t('list.name'),
        track: 'minmax(8rem,1.4fr)',
        cell: ({ node }) => <NameLink object={node} status={nodeStatus(as<Node>(node))} />,
      },
      {
        id: 'pods',
        title: t('columns.pods'),
        track: 'minmax(9rem,1fr)',
        cell: ({ usage }) =>
          usage ? <UsageMeter label={t('columns.pods')} amounts={usage.pods} format={String} /> : <None />,
      },
      {
        id: 'cpu',
        title: t('columns.cpu'),
        track: 'minmax(9rem,1fr)',
        from: 520,
        cell: ({ usage }) =>
          usage ? <UsageMeter label={t('columns.cpu')} amounts={usage.cpu} format={formatCores} /> : <None />,
      },
      {
        id: 'memory',
        title: t('columns.memory'),
        track: 'minmax(11rem,1.1fr)',
        from: 720,
        cell: ({ usage }) =>
          usage ? <UsageMeter label={t('columns.memory')} amounts={usage.memory} format={formatBytes} /> : <None />,
      },
    ],
    [t],
  );
}

const keyOf = ({ node }: NodeRow): string => node.metadata.name ?? '';

/** Every node and how much of it is spoken for, whatever the namespace. */
export function NodeUsagePanel({ nodes }: { nodes: LiveView }) {
  const t = useTranslations();
  const router = useNavigation();
  const pages = usePages();
  const pods = useLive(useQueryOf('pods', {}));
  // What is asked for of a node is known only with every Pod.
  const knowledge = useKnowledge(nodes, pods);
  const columns = useUsageColumns();
  const labels = useTableLabels(t('overview.capacity'));
  const rows = useMemo(() => {
    const byNode = new Map<string, Pod[]>();
    for (const pod of pods.items as unknown as readonly Pod[]) {
      const name = pod.spec?.nodeName ?? '';
      const there = byNode.get(name);
      if (there) there.push(pod);
      else byNode.set(name, [pod]);
    }
    return nodes.items
      .map((node) => ({
        node,
        usage: pods.error ? undefined : nodeUsage(as<Node>(node), byNode.get(node.metadata.name ?? '') ?? []),
      }))
      .sort((a, b) => compareValues(keyOf(a), keyOf(b)));
  }, [nodes.items, pods]);
  return (
    <LivePanel
      title={t('overview.capacity')}
      knowledge={knowledge}
      count={rows.length}
      none={{ title: t('overview.noNodes') }}
      rows={2}
    >
      <DataTable
        rows={rows}
        columns={columns}
        keyOf={keyOf}
        labels={labels}
        onOpen={({ node }) => {
          const href = pages.object(node);
          if (href) router.push(href);
        }}
      />
    </LivePanel>
  );
}
