'use client';

import { objectKey, type Resource, resourceId, useCluster, useLive, type UnstructuredObject } from '@binnacle/web-data';
import { DataTable } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { RowActions } from '../actions/row-actions.js';
import { SelectionBar } from '../actions/selection-bar.js';
import { kindView } from '../kinds/kind-views.js';
import { usePages } from '../objects/use-pages.js';
import { pluralTitle } from './plural-title.js';
import { FilterField } from './filter-field.js';
import { ListEmpty, ListFault, ListLoading, StaleTag, UnknownKind } from './list-states.js';
import { StatusFacets } from './status-facets.js';
import { useColumns } from './use-columns.js';
import { useListState } from './use-list-state.js';
import { useRows } from './use-rows.js';
import { useSelection } from './use-selection.js';
import { useServerColumns } from './use-server-columns.js';
import { useTableLabels } from './use-table-labels.js';

const versionOf = (object: UnstructuredObject): string => object.metadata.resourceVersion ?? '';

/** The live list of any kind. */
export function ListPage({ id }: { id: string }) {
  const { resources } = useCluster();
  const resource = resources.byId(id);
  return resource ? <KindList key={id} resource={resource} /> : <UnknownKind id={id} />;
}

function KindList({ resource }: { resource: Resource }) {
  const t = useTranslations('list');
  const router = useRouter();
  const pages = usePages();
  const { cluster } = useCluster();
  const kind = kindView(resourceId(resource));
  const state = useListState(kind.sort);
  const { selected, setSelected } = useSelection();
  const namespace = resource.namespaced ? state.namespace : '';
  const { group, version } = resource;
  const live = useLive({ cluster, group, version, resource: resource.resource, ...(namespace && { namespace }) });
  const own = useServerColumns(resource, namespace, live);
  const { columns, compare } = useColumns(resource, { namespaceShown: !namespace, ...(own && { own }) });
  const order = useMemo(() => compare(state.sort), [compare, state.sort]);
  const { rows, counts } = useRows(live.items, {
    view: kind,
    columns,
    query: state.query,
    status: state.status,
    compare: order,
  });
  const title = pluralTitle(resource);
  const labels = useTableLabels(t('table', { kind: title }));
  const narrowed = Boolean(state.query || state.status);
  const total = live.items.length;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-4 pb-3 md:px-6">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        <span className="tabular text-sm text-ink-3" aria-live="off">
          {live.phase !== 'loading' && (narrowed ? t('shown', { shown: rows.length, total }) : t('total', { total }))}
        </span>
        <StaleTag phase={live.phase} />
        <span className="flex-1 max-sm:hidden" />
        <StatusFacets
          counts={counts}
          active={state.status}
          events={resource.kind === 'Event'}
          onChange={state.setStatus}
        />
        <FilterField label={t('filter', { kind: title })} value={state.query} onChange={state.setQuery} />
      </header>
      <div className="relative mx-0 flex min-h-0 flex-1 flex-col overflow-hidden border-t border-line bg-surface md:mx-6 md:mb-6 md:rounded-lg md:border">
        {live.phase === 'loading' ? (
          <ListLoading />
        ) : live.error ? (
          <ListFault error={live.error} />
        ) : rows.length === 0 ? (
          <ListEmpty
            resource={resource}
            title={title}
            namespace={namespace}
            total={total}
            onClear={() => {
              state.setQuery('');
              state.setStatus('');
            }}
          />
        ) : (
          <DataTable
            fill
            rows={rows}
            columns={columns}
            keyOf={objectKey}
            versionOf={versionOf}
            labels={labels}
            sort={state.sort}
            onSort={state.toggleSort}
            selected={selected}
            onSelect={setSelected}
            onOpen={(object) => {
              const href = pages.object(object);
              if (href) router.push(href);
            }}
            rowActions={(object) => <RowActions object={object} resource={resource} />}
          />
        )}
        <SelectionBar
          resource={resource}
          title={title}
          items={live.items}
          selected={selected}
          onClear={() => setSelected(new Set())}
        />
      </div>
    </div>
  );
}
