'use client';

import { clusterPrefix, DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { apiPath, call, PEOPLE_CLUSTER, pages, type RightHolder } from '@binnacle/web-data';
import { Empty, Panel, SkeletonRows } from '@binnacle/web-ui';
import { useQueries, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type Binding, isBoundTo } from '../access/subjects.js';
import { BoundRules } from '../access/bound-rules.js';
import { Link } from '../objects/link.js';
import { linkClass } from '../objects/links.js';

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;
/** Clusters that are asked; a person is rarely bound in more. */
const MOST_CLUSTERS = 20;
/** Of each role so many rules. */
const SHOWN_RULES = 4;
const ASKED_AGAIN_MILLISECONDS = 10_000;

interface Listed<T> {
  readonly items: readonly T[];
}

/** The clusters there are; the two that always are where one may not see them. */
export function useClusterNames(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['clusters'],
    queryFn: ({ signal }) => call<Listed<{ readonly metadata: { readonly name: string } }>>('/clusters', { signal }),
    retry: false,
    staleTime: 60_000,
  });
  const all = data?.items.map(({ metadata }) => metadata.name) ?? [];
  return [...new Set([DEFAULT_CLUSTER, PEOPLE_CLUSTER, ...all])].slice(0, MOST_CLUSTERS);
}

interface PlacedBinding {
  readonly cluster: string;
  readonly binding: Binding;
}

async function fetchBindings(cluster: string, holders: readonly RightHolder[], signal: AbortSignal) {
  const read = async (resource: string) => {
    const { items } = await call<Listed<Binding>>(apiPath({ cluster, ...RBAC, resource }), { signal });
    return items;
  };
  const [cluster_, named] = await Promise.all([read('clusterrolebindings'), read('rolebindings')]);
  return [...cluster_, ...named].filter((binding) => isBoundTo(binding, holders));
}

/** Every binding of every cluster that names one of these. */
function useBindings(holders: readonly RightHolder[]) {
  const clusters = useClusterNames();
  const names = holders.map(({ kind, name }) => `${kind} ${name}`).join('\n');
  const found = useQueries({
    queries: clusters.map((cluster) => ({
      queryKey: ['bindings', clusterPrefix(cluster), names],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchBindings(cluster, holders, signal),
      refetchInterval: ASKED_AGAIN_MILLISECONDS,
      retry: false,
    })),
  });
  const bindings = clusters.flatMap((cluster, index) =>
    (found[index]?.data ?? []).map((binding): PlacedBinding => ({ cluster, binding })),
  );
  return {
    bindings,
    isLoading: found.some(({ isPending }) => isPending),
    isPartial: found.some(({ isError }) => isError),
  };
}

function BindingLine({ cluster, binding: { metadata, roleRef } }: PlacedBinding) {
  const t = useTranslations('access');
  const { namespace = '', name = '' } = metadata;
  const resource = { group: RBAC.group, resource: namespace ? 'rolebindings' : 'clusterrolebindings' };
  return (
    <li className="border-b border-line/60 px-4 py-2.5 text-sm last:border-0">
      <p className="mb-1.5 flex flex-wrap items-baseline gap-x-2">
        <Link href={pages.detail(cluster, resource, { namespace, name })} className={`${linkClass} font-medium`}>
          {roleRef.name}
        </Link>
        <span className="text-ink-3">
          {t('cluster')} {cluster}, {namespace ? t('inNamed', { namespace }) : t('inCluster')}
        </span>
      </p>
      <BoundRules roleRef={roleRef} namespace={namespace} cluster={cluster} most={SHOWN_RULES} />
    </li>
  );
}

/** What a person or a team may do where, by the bindings of all clusters that name them. */
export function BindingsPanel({ holders }: { holders: readonly RightHolder[] }) {
  const t = useTranslations();
  const { bindings, isLoading, isPartial } = useBindings(holders);
  return (
    <Panel title={t('access.bindings')} count={isLoading ? undefined : bindings.length} flush>
      {isLoading && bindings.length === 0 && <SkeletonRows rows={2} label={t('app.loading')} />}
      {!isLoading && bindings.length === 0 && <Empty compact icon={<KeyRound />} title={t('access.noBindings')} />}
      <ul>
        {bindings.map(({ cluster, binding }) => (
          <BindingLine
            key={`${cluster} ${binding.metadata.namespace ?? ''} ${binding.metadata.name}`}
            cluster={cluster}
            binding={binding}
          />
        ))}
      </ul>
      {isPartial && <p className="border-t border-line px-4 py-2 text-xs text-ink-3">{t('access.bindingsPartial')}</p>}
    </Panel>
  );
}
