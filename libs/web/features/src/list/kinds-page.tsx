'use client';

import { type Resource, resourceId, useCluster } from '@binnacle/web-data';
import { type Column, compareValues, DataTable, Tag } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { useNavigation } from '../objects/navigate.js';
import { useMemo, useState } from 'react';
import { FilterField } from './filter-field.js';
import { pluralTitle } from '../objects/plural-title.js';
import { useTableLabels } from './use-table-labels.js';
import { linkClass } from '../objects/links.js';
import { Mono, Quiet } from '../objects/text.js';
import { usePages } from '../objects/use-pages.js';

function KindLink({ resource }: { resource: Resource }) {
  const pages = usePages();
  return (
    <Link href={pages.list(resource)} className={`${linkClass} font-medium`}>
      {pluralTitle(resource)}
    </Link>
  );
}

function useKindColumns(): Column<Resource>[] {
  const t = useTranslations();
  return useMemo(
    () => [
      {
        id: 'kind',
        title: t('columns.kind'),
        track: 'minmax(9rem,1.4fr)',
        cell: (resource) => <KindLink resource={resource} />,
      },
      {
        id: 'group',
        title: t('columns.group'),
        track: 'minmax(8rem,1.2fr)',
        cell: ({ group, version }) => (
          <Quiet>
            <Mono>{`${group || t('kinds.core')}/${version}`}</Mono>
          </Quiet>
        ),
      },
      {
        id: 'scope',
        title: t('columns.scope'),
        track: '8rem',
        from: 560,
        cell: ({ namespaced }) => <Tag>{namespaced ? t('kinds.namespaced') : t('kinds.clusterScoped')}</Tag>,
      },
      {
        id: 'short',
        title: 'kubectl',
        track: 'minmax(8rem,1fr)',
        from: 720,
        cell: (resource) => (
          <Quiet>
            <Mono>{[resourceId(resource), ...resource.shortNames].join(', ')}</Mono>
          </Quiet>
        ),
      },
    ],
    [t],
  );
}

const keyOf = (resource: Resource): string => resourceId(resource);

/** Everything the cluster serves. */
export function KindsPage() {
  const t = useTranslations('kinds');
  const router = useNavigation();
  const pages = usePages();
  const { resources } = useCluster();
  const [query, setQuery] = useState('');
  const columns = useKindColumns();
  const labels = useTableLabels(t('title'));
  const rows = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return resources.all
      .filter(({ verbs }) => verbs.includes('list'))
      .filter((resource) =>
        `${resource.kind} ${resourceId(resource)} ${resource.shortNames.join(' ')}`.toLowerCase().includes(wanted),
      )
      .sort((a, b) => compareValues(a.group, b.group) || compareValues(a.kind, b.kind));
  }, [resources, query]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-wrap items-end gap-x-3 gap-y-2 px-4 pt-4 pb-3 md:px-6">
        <div className="flex-1 basis-60">
          <h1 className="text-xl font-semibold tracking-tight">{t('title')}</h1>
          <p className="text-sm text-ink-3">{t('lead')}</p>
        </div>
        <FilterField label={t('filter')} placeholder={t('filter')} value={query} onChange={setQuery} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-hidden border-t border-line bg-surface md:mx-6 md:mb-6 md:rounded-lg md:border">
        <DataTable
          fill
          rows={rows}
          columns={columns}
          keyOf={keyOf}
          labels={labels}
          onOpen={(resource) => router.push(pages.list(resource))}
        />
      </div>
    </div>
  );
}
