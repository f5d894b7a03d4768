'use client';

import { objectKey, resourceId, useCluster, useKnowledge, useLive, type UnstructuredObject } from '@binnacle/web-data';
import { DataTable } from '@binnacle/web-ui';
import { useNavigation } from '../objects/navigate.js';
import { useMemo } from 'react';
import { kindView } from '../kinds/kind-views.js';
import { useSurroundings } from '../kinds/use-surroundings.js';
import { LivePanel } from '../known/answer.js';
import { NamesApart } from '../objects/cut-name.js';
import { usePages } from '../objects/use-pages.js';
import { useListedUsage } from '../usage/use-usage.js';
import { useColumns } from './use-columns.js';
import { useQueryOf } from '../objects/use-query-of.js';
import type { RelatedObjects } from '../view/kind-view.js';
import { useServerColumns } from './use-server-columns.js';
import { useTableLabels } from './use-table-labels.js';

const uidOf = (object: UnstructuredObject): string => object.metadata.uid ?? objectKey(object);
const versionOf = (object: UnstructuredObject): string => object.metadata.resourceVersion ?? '';
const nameOf = (object: UnstructuredObject): string => object.metadata.name ?? '';
const NO_COLUMNS: readonly string[] = [];

const isOwnedBy = ({ metadata }: UnstructuredObject, uid: string): boolean =>
  metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;

/** Objects that have to do with the one shown: a small live table with the kind's own columns. */
export function RelatedTable({
  title,
  resource: id,
  ownedBy,
  keeps,
  without = NO_COLUMNS,
  empty,
  ...narrow
}: RelatedObjects) {
  const router = useNavigation();
  const pages = usePages();
  const { resources } = useCluster();
  const view = useLive(useQueryOf(id, narrow));
  const resource = resources.byId(id);
  const sight = useSurroundings(kindView(resource ? resourceId(resource) : ''), narrow.namespace);
  const knowledge = useKnowledge(view, ...sight.views);
  const own = useServerColumns(resource, narrow, view);
  const usage = useListedUsage(resource, narrow);
  const options = { namespaceShown: !narrow.namespace, around: sight.around, usage, ...(own && { own }) };
  const { columns, compare } = useColumns(resource, options);
  const rows = useMemo(() => {
    const isKept = (object: UnstructuredObject) => ownedBy === undefined || isOwnedBy(object, ownedBy);
    const kept = view.items.filter((object) => isKept(object) && (keeps?.(object) ?? true));
    return kept.sort(compare(undefined));
  }, [view.items, ownedBy, keeps, compare]);
  const names = useMemo(() => rows.map(nameOf), [rows]);
  const labels = useTableLabels(title);
  return (
    <LivePanel title={title} knowledge={knowledge} count={rows.length} none={{ title: empty }}>
      <NamesApart names={names}>
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
      </NamesApart>
    </LivePanel>
  );
}
