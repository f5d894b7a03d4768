'use client';

import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useLive } from '@binnacle/web-data';
import { type Column, DataTable, Panel, SkeletonRows } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { as } from '../kinds/kind-view.js';
import { useQueryOf } from '../list/related-table.js';
import { useTableLabels } from '../list/use-table-labels.js';
import { type NodeUsage, nodeUsage } from '../nodes/node-usage.js';
import { nodeStatus } from '../nodes/node-status.js';
import { UsageMeter } from '../nodes/usage-meters.js';
import { NameLink } from '../objects/links.js';
import { formatBytes, formatCores } from '../objects/quantities.js';
import { usePages } from '../objects/use-pages.js';

interface NodeRow {
  readonly node: UnstructuredObject;
  readonly usage: NodeUsage;
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
        cell: ({ usage }) => <UsageMeter label={t('columns.pods')} amounts={usage.pods} format={String} />,
      },
      {
        id: 'cpu',
        title: t('columns.cpu'),
        track: 'minmax(9rem,1fr)',
        from: 520,
        cell: ({ usage }) => <UsageMeter label={t('columns.cpu')} amounts={usage.cpu} format={formatCores} />,
      },
      {
        id: 'memory',
        title: t('columns.memory'),
        track: 'minmax(11rem,1.1fr)',
        from: 720,
        cell: ({ usage }) => <UsageMeter label={t('columns.memory')} amounts={usage.memory} format={formatBytes} />,
      },
    ],
    [t],
  );
}

const keyOf = ({ node }: NodeRow): string => node.metadata.name ?? '';

/** Every node and how much of it is spoken for, whatever the namespace. */
export function NodeUsagePanel({ nodes, loading }: { nodes: readonly UnstructuredObject[]; loading: boolean }) {
  const t = useTranslations();
  const router = useRouter();
  const pages = usePages();
  const { items } = useLive(useQueryOf('pods', {}));
  const columns = useUsageColumns();
  const labels = useTableLabels(t('overview.capacity'));
  const rows = useMemo(() => {
    const byNode = new Map<string, Pod[]>();
    for (const pod of items as unknown as readonly Pod[]) {
      const name = pod.spec?.nodeName ?? '';
      byNode.set(name, [...(byNode.get(name) ?? []), pod]);
    }
    return nodes
      .map((node) => ({ node, usage: nodeUsage(as<Node>(node), byNode.get(node.metadata.name ?? '') ?? []) }))
      .sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
  }, [nodes, items]);
  return (
    <Panel title={t('overview.capacity')} count={loading ? undefined : nodes.length} flush>
      {loading ? (
        <SkeletonRows rows={3} label={t('app.loading')} />
      ) : (
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
      )}
    </Panel>
  );
}
