'use client';

import { clusterPrefix } from '@binnacle/machinery-meta';
import { call, combine, useCluster } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { BellOff, Box, Layers, Network, Server } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { useMemo } from 'react';
import { AsOf } from '../known/as-of.js';
import { Answer, LivePanel } from '../known/answer.js';
import { linkClass } from '../objects/links.js';
import { usePages } from '../objects/use-pages.js';
import { ActivityChart } from './activity-chart.js';
import { AttentionPanel } from './attention-panel.js';
import { ClusterUsagePanel } from './cluster-usage-panel.js';
import { NodeUsagePanel } from './node-usage-panel.js';
import { TallyTile } from './tally-tile.js';
import { type Tally, useActivity, useTally } from './use-overview.js';
import { WarningList } from './warning-list.js';

function useVersion(cluster: string): string | undefined {
  const { data } = useQuery({
    queryKey: ['version', cluster],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call<{ gitVersion: string }>(`${clusterPrefix(cluster)}/version`, { signal }),
  });
  return data?.gitVersion;
}

interface Tallies {
  readonly nodes: Tally;
  readonly deployments: Tally;
  readonly pods: Tally;
  readonly services: Tally;
}

function Tiles({ nodes, deployments, pods, services }: Tallies) {
  const t = useTranslations('overview');
  const pages = usePages();
  const href = (group: string, resource: string) => pages.list({ group, resource });
  const figures = ({ well, total }: Tally) => ({ ready: well, total });
  const aside = (text: 'cordoned' | 'elsewhere', count: number) => (count > 0 ? ` · ${t(text, { count })}` : '');
  return (
    <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <TallyTile
        title={t('nodes')}
        icon={Server}
        href={href('', 'nodes')}
        tally={nodes}
        text={t('nodesReady', figures(nodes)) + aside('cordoned', nodes.aside)}
      />
      <TallyTile
        title={t('deployments')}
        icon={Layers}
        href={href('apps', 'deployments')}
        tally={deployments}
        text={t('available', figures(deployments))}
      />
      <TallyTile
        title={t('pods')}
        icon={Box}
        href={href('', 'pods')}
        tally={pods}
        text={t('podsRunning', figures(pods))}
      />
      <TallyTile
        title={t('services')}
        icon={Network}
        href={href('', 'services')}
        tally={services}
        text={t('serving', figures(services)) + aside('elsewhere', services.aside)}
      />
    </div>
  );
}

function EventPanels() {
  const t = useTranslations('overview');
  const pages = usePages();
  const activity = useActivity();
  const all = (
    <Link
      href={pages.list({ group: '', resource: 'events' }, { status: 'warn' })}
      className={`${linkClass} text-xs text-ink-2`}
    >
      {t('more')}
    </Link>
  );
  return (
    <>
      <Panel title={t('activity')} actions={<AsOf knowledge={activity.knowledge} />}>
        <Answer knowledge={activity.knowledge} isEmpty={false} none={{ title: '' }} rows={2} compact>
          <ActivityChart activity={activity} />
        </Answer>
      </Panel>
      <LivePanel
        title={t('warnings')}
        knowledge={activity.knowledge}
        count={activity.warnings.length}
        none={{ icon: <BellOff />, title: t('noWarnings') }}
        actions={all}
      >
        <WarningList warnings={activity.warnings} />
      </LivePanel>
    </>
  );
}

/** How the cluster is, at a glance. */
export function OverviewPage() {
  const t = useTranslations('overview');
  const { cluster } = useCluster();
  const version = useVersion(cluster);
  const nodes = useTally('nodes', false);
  const deployments = useTally('deployments.apps');
  const pods = useTally('pods');
  const services = useTally('services');
  const tallies = [nodes, deployments, pods, services];
  const knowledge = combine(tallies.map((tally) => tally.knowledge));
  const found = tallies.map((tally) => tally.troubles);
  const troubles = useMemo(() => found.flat(), found);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <header className="flex flex-wrap items-baseline gap-x-3 px-4 pt-4 pb-3 md:px-6">
        <h1 className="text-xl font-semibold tracking-tight">{t('title')}</h1>
        <p className="text-sm text-ink-3">
          {t('cluster', { name: cluster })}
          {version && ` · ${t('version', { version })}`}
        </p>
      </header>
      <div className="flex flex-col gap-4 px-4 pb-6 md:px-6">
        <Tiles nodes={nodes} deployments={deployments} pods={pods} services={services} />
        <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_25rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <AttentionPanel knowledge={knowledge} troubles={troubles} />
            <ClusterUsagePanel nodes={nodes.view} />
            <NodeUsagePanel nodes={nodes.view} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <EventPanels />
          </div>
        </div>
      </div>
    </div>
  );
}
