'use client';

import {
  listQuery,
  type LiveView,
  objectKey,
  type Resource,
  resourceId,
  rightOn,
  useCluster,
  useKnowledge,
  useLive,
  type UnstructuredObject,
} from '@binnacle/web-data';
import { DataTable } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useNavigation } from '../objects/navigate.js';
import { useMemo } from 'react';
import { RowActions } from '../actions/row-actions.js';
import { SelectionBar } from '../actions/bulk/selection-bar.js';
import { kindView } from '../kinds/kind-views.js';
import { useSurroundings } from '../kinds/use-surroundings.js';
import { AsOf } from '../known/as-of.js';
import { StillLoading } from '../known/still-loading.js';
import { NamesApart } from '../objects/cut-name.js';
import { usePages } from '../objects/use-pages.js';
import { pluralTitle } from '../objects/plural-title.js';
import { useListedUsage } from '../usage/use-usage.js';
import { FilterChips } from './filter-chips.js';
import { FilterField } from './filter-field.js';
import { ListActions } from './list-actions.js';
import { ListEmpty, ListFault, UnknownKind } from './list-states.js';
import { StatusFacets } from './status-facets.js';
import { VisiblePart } from './visible-part.js';
import { useColumns } from './use-columns.js';
import { useFilter } from './use-filter.js';
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

/** How many there are, and how many of them the filter leaves. Nothing while that is not known. */
function ListCount({ view, shown }: { view: LiveView; shown: number | undefined }) {
  const t = useTranslations('list');
  const total = view.items.length;
  if (view.phase === 'loading' || view.error) return null;
  return (
    <span className="tabular text-sm text-ink-3" aria-live="off">
      {shown === undefined ? t('total', { total }) : t('shown', { shown, total })}
    </span>
  );
}

function KindList({ resource }: { resource: Resource }) {
  const t = useTranslations('list');
  const router = useNavigation();
  const pages = usePages();
  const { cluster } = useCluster();
  const kind = kindView(resourceId(resource));
  const state = useListState(kind.sort);
  const { selected, setSelected } = useSelection();
  const namespace = resource.namespaced ? state.namespace : '';
  const live = useLive(listQuery(cluster, resource, namespace ? { namespace } : {}));
  const own = useServerColumns(resource, namespace ? { namespace } : {}, live);
  const { around, views } = useSurroundings(kind, namespace);
  const knowledge = useKnowledge(live, ...views);
  const usage = useListedUsage(resource, { namespace });
  const { columns, compare } = useColumns(resource, { namespaceShown: !namespace, around, usage, ...(own && { own }) });
  const order = useMemo(() => compare(state.sort), [compare, state.sort]);
  const filter = useFilter(kind, columns, state.query);
  const { rows, counts } = useRows(live.items, {
    view: kind,
    around,
    passes: filter.passes,
    status: state.status,
    compare: order,
  });
  const names = useMemo(() => rows.map(({ metadata }) => metadata.name ?? ''), [rows]);
  const title = pluralTitle(resource);
  const labels = useTableLabels(t('table', { kind: title }));
  const narrowed = Boolean(state.query || state.status);
  const total = live.items.length;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-4 pb-3 md:px-6">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        <ListCount view={live} shown={narrowed ? rows.length : undefined} />
        <AsOf knowledge={knowledge} />
        <VisiblePart resource={resource} namespace={namespace} />
        <span className="flex-1 max-sm:hidden" />
        <StatusFacets
          counts={counts}
          active={state.status}
          events={resource.kind === 'Event'}
          onChange={state.setStatus}
        />
        <ListActions resource={resource} />
        <FilterField label={t('filter', { kind: title })} value={state.query} onChange={state.setQuery} />
      </header>
      <FilterChips filter={filter} onChange={state.setQuery} />
      <div className="relative mx-0 flex min-h-0 flex-1 flex-col overflow-hidden border-t border-line bg-surface md:mx-6 md:mb-6 md:rounded-lg md:border">
        {live.phase === 'loading' ? (
          <StillLoading rows={12} />
        ) : live.error ? (
          <ListFault error={live.error} right={rightOn('list', resource, { namespace })} />
        ) : rows.length === 0 ? (
          <ListEmpty
            resource={resource}
            title={title}
            namespace={namespace}
            total={total}
            suggestions={rows.length === 0 ? filter.suggest(live.items) : []}
            onSuggestion={state.setQuery}
            knowledge={knowledge}
            onClear={() => {
              state.setQuery('');
              state.setStatus('');
            }}
          />
        ) : (
          <NamesApart names={names}>
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
          </NamesApart>
        )}
        <SelectionBar
          resource={resource}
          title={title}
          items={live.items}
          rows={rows}
          selected={selected}
          onSelect={setSelected}
        />
      </div>
    </div>
  );
}
