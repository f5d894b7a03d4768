'use client';

import { type LiveQuery, objectKey, useCluster, useLive, type UnstructuredObject } from '@binnacle/web-data';
import { DataTable, Empty, Panel, SkeletonRows } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { usePages } from '../objects/use-pages.js';
import { useColumns } from './use-columns.js';
import { useTableLabels } from './use-table-labels.js';

export interface RelatedTableProps {
  readonly title: string;
  /** The kind's id, such as `pods` or `replicasets.apps`. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Keeps only some of what was found, where no selector can say it. */
  readonly keep?: (object: UnstructuredObject) => boolean;
  /** Columns that would say the same in every row. */
  readonly without?: readonly string[];
  readonly empty: string;
}

const uidOf = (object: UnstructuredObject): string => object.metadata.uid ?? objectKey(object);
const versionOf = (object: UnstructuredObject): string => object.metadata.resourceVersion ?? '';
const EVERYTHING = () => true;
const NO_COLUMNS: readonly string[] = [];

/** The live query of a kind by its id; undefined where the server does not serve it. */
export function useQueryOf(
  id: string,
  narrow: Omit<LiveQuery, 'cluster' | 'group' | 'version' | 'resource'>,
): LiveQuery | undefined {
  const { cluster, resources } = useCluster();
  const resource = resources.byId(id);
  if (!resource) return undefined;
  return { cluster, group: resource.group, version: resource.version, resource: resource.resource, ...narrow };
}

/** Objects that have to do with the one shown: a small live table with the kind's own columns. */
export function RelatedTable({
  title,
  resource: id,
  keep = EVERYTHING,
  without = NO_COLUMNS,
  empty,
  ...narrow
}: RelatedTableProps) {
  const t = useTranslations();
  const router = useRouter();
  const pages = usePages();
  const { resources } = useCluster();
  const view = useLive(
    useQueryOf(id, {
      ...(narrow.namespace && { namespace: narrow.namespace }),
      ...(narrow.labelSelector && { labelSelector: narrow.labelSelector }),
      ...(narrow.fieldSelector && { fieldSelector: narrow.fieldSelector }),
    }),
  );
  const resource = resources.byId(id);
  const { columns, compare } = useColumns(resource, { namespaceShown: !narrow.namespace });
  const rows = useMemo(() => view.items.filter(keep).sort(compare(undefined)), [view.items, keep, compare]);
  const labels = useTableLabels(title);
  return (
    <Panel title={title} count={view.phase === 'loading' ? undefined : rows.length} flush>
      {view.phase === 'denied' ? (
        <Empty compact title={t('state.denied')}>
          {view.error?.message}
        </Empty>
      ) : view.phase === 'loading' ? (
        <SkeletonRows rows={2} label={t('app.loading')} />
      ) : rows.length === 0 ? (
        <Empty compact title={empty} />
      ) : (
        <DataTable
          rows={rows}
          columns={columns.filter(({ id: column }) => !without.includes(column))}
          keyOf={uidOf}
          versionOf={versionOf}
          labels={labels}
          onOpen={(object) => {
            const href = pages.object(object);
            if (href) router.push(href);
          }}
        />
      )}
    </Panel>
  );
}
