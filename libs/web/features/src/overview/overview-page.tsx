'use client';

import { call, clusterPrefix, useCluster } from '@binnacle/web-data';
import { Empty, Panel } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { BellOff, Box, Layers, Network, Server } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { EventList } from '../events/event-list.js';
import { linkClass } from '../objects/links.js';
import { usePages } from '../objects/use-pages.js';
import { ActivityChart } from './activity-chart.js';
import { AttentionPanel } from './attention-panel.js';
import { NodeUsagePanel } from './node-usage-panel.js';
import { TallyTile } from './tally-tile.js';
import { type Tally, troubles, useActivity, useTally } from './use-overview.js';

const RECENT_WARNINGS = 6;

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
  return (
    <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <TallyTile
        title={t('nodes')}
        icon={Server}
        href={href('', 'nodes')}
        tally={nodes}
        text={t('nodesReady', figures(nodes))}
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
        text={t('serving', { count: services.total })}
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
      href={pages.list({ group: '', resource: 'events' })}
      prefetch={false}
      className={`${linkClass} text-xs text-ink-2`}
    >
      {t('more')}
    </Link>
  );
  return (
    <>
      <Panel title={t('activity')}>
        <ActivityChart activity={activity} />
      </Panel>
      <Panel title={t('warnings')} actions={all} flush>
        {activity.warnings.length === 0 ? (
          <Empty compact icon={<BellOff />} title={t('noWarnings')} />
        ) : (
          <EventList events={activity.warnings.slice(0, RECENT_WARNINGS)} withObject />
        )}
      </Panel>
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
  const loading = [nodes, deployments, pods].some(({ view }) => view.phase === 'loading');
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
            <AttentionPanel loading={loading} troubles={troubles({ nodes, 'deployments.apps': deployments, pods })} />
            <NodeUsagePanel nodes={nodes.view.items} loading={nodes.view.phase === 'loading'} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <EventPanels />
          </div>
        </div>
      </div>
    </div>
  );
}
