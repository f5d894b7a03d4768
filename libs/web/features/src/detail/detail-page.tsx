'use client';

import {
  type DetailTab,
  type Knowledge,
  objectRef,
  type ObjectRef,
  type Resource,
  resourceId,
  rightOn,
  type UnstructuredObject,
  useCluster,
} from '@binnacle/web-data';
import { CopyButton, cx, Empty, NoticeBar, SkeletonRows, Status } from '@binnacle/web-ui';
import { SearchX, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { hasLogs } from '../actions/abilities.js';
import { useHasBlame } from '../blame/use-blame.js';
import { LateBoundary, lateComponent } from '../known/late.js';
import { kindView } from '../kinds/kind-views.js';
import { useSurroundings } from '../kinds/use-surroundings.js';
import { AsOf } from '../known/as-of.js';
import { StillLoading } from '../known/still-loading.js';
import { ListFault, UnknownKind } from '../list/list-states.js';
import { statusOf } from '../view/status-of.js';
import { usePages } from '../objects/use-pages.js';
import { draftKey, drafts } from '../yaml/drafts.js';
import { DetailActions } from './detail-actions.js';
import { EventsTab } from './events-tab.js';
import { OwnerChain } from './owner-chain.js';
import { SummaryTab } from './summary-tab.js';
import { hidesValues, useObject } from './use-object.js';

const YamlTab = lateComponent(() => import('../yaml/yaml-tab.js').then((module) => module.YamlTab));
const BlameTab = lateComponent(() => import('../blame/blame-tab.js').then((module) => module.BlameTab));
const LogsTab = lateComponent(() => import('../logs/logs-tab.js').then((module) => module.LogsTab));
const WorkloadLogsTab = lateComponent(() => import('../logs/logs-tab.js').then((module) => module.WorkloadLogsTab));

interface DetailPageProps {
  readonly id: string;
  readonly objectRef: ObjectRef;
}

/** Everything about one object. */
export function DetailPage({ id, objectRef: place }: DetailPageProps) {
  const { resources } = useCluster();
  const resource = resources.byId(id);
  if (!resource) return <UnknownKind id={id} />;
  return <Detail key={`${id}/${place.namespace}/${place.name}`} resource={resource} place={place} />;
}

function useTabs(resource: Resource): readonly DetailTab[] {
  const hasBlame = useHasBlame(resource);
  return [
    'summary',
    ...(hasLogs(resource) ? (['logs'] as const) : []),
    'events',
    'yaml',
    ...(hasBlame ? (['blame'] as const) : []),
  ];
}

function useTab(tabs: readonly DetailTab[]): DetailTab {
  const wanted = useSearchParams().get('tab');
  return tabs.find((tab) => tab === wanted) ?? 'summary';
}

/** Something written and not applied waits behind the tab. */
function DraftMark({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const { cluster } = useCluster();
  if (!drafts.read(draftKey(cluster, object))) return null;
  return (
    <span title={t('draft')} className="ml-1.5 size-1.5 rounded-full bg-warn">
      <span className="sr-only">{t('draft')}</span>
    </span>
  );
}

interface TabsProps {
  readonly resource: Resource;
  readonly object: UnstructuredObject;
  readonly tabs: readonly DetailTab[];
  readonly active: DetailTab;
}

function Tabs(props: TabsProps) {
  const t = useTranslations('detail');
  const pages = usePages();
  return (
    <nav aria-label={t('tabs')} className="flex flex-wrap gap-x-1 px-4 whitespace-nowrap md:px-6">
      {props.tabs.map((tab) => (
        <Link
          key={tab}
          href={pages.detail(props.resource, objectRef(props.object), tab)}
          replace
          aria-current={tab === props.active ? 'page' : undefined}
          className={cx(
            '-mb-px flex h-9 items-center border-b-2 px-2 text-sm',
            tab === props.active
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-ink-2 hover:border-line-strong hover:text-ink',
          )}
        >
          {t(tab)}
          {tab === 'yaml' && <DraftMark object={props.object} />}
        </Link>
      ))}
    </nav>
  );
}

interface HeaderProps {
  readonly resource: Resource;
  readonly object: UnstructuredObject;
  readonly gone: boolean;
  readonly knowledge: Knowledge;
  readonly tabs: ReactNode;
}

function Header(props: HeaderProps) {
  const t = useTranslations('app');
  const { object, resource } = props;
  const view = kindView(resourceId(resource));
  const status = statusOf(view, object, useSurroundings(view, object.metadata.namespace).around);
  return (
    <header className="border-b border-line">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-4 pb-2 md:px-6">
        <div className="min-w-0 flex-1 basis-64">
          <OwnerChain object={object} />
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 text-xl font-semibold tracking-tight break-all">
              <span className="sr-only">{resource.kind} </span>
              {object.metadata.name}
            </h1>
            <CopyButton
              text={object.metadata.name ?? ''}
              label={`${t('copy')} ${object.metadata.name}`}
              className="-mx-1.5"
            />
            {status && (
              <Status tone={status.tone} title={status.detail}>
                {status.label}
              </Status>
            )}
            <AsOf knowledge={props.knowledge} />
          </div>
        </div>
        {!props.gone && <DetailActions object={object} resource={resource} />}
      </div>
      {props.tabs}
    </header>
  );
}

/** The text of a Secret is asked for only where it is looked at. */
function WholeYaml({ object: { metadata }, resource, gone }: Parameters<typeof YamlTab>[0]) {
  const t = useTranslations('app');
  const { namespace = '', name = '' } = metadata;
  const { object } = useObject(resource, { namespace, name });
  if (!object) return <SkeletonRows label={t('loading')} />;
  return <YamlTab object={object} resource={resource} gone={gone} />;
}

function TabBody(props: { tab: DetailTab; resource: Resource; object: UnstructuredObject; gone: boolean }) {
  const Yaml = hidesValues(props.resource) && !props.gone ? WholeYaml : YamlTab;
  if (props.tab === 'yaml') return <Yaml object={props.object} resource={props.resource} gone={props.gone} />;
  if (props.tab === 'logs') {
    const isPod = resourceId(props.resource) === 'pods';
    return isPod ? <LogsTab pod={props.object} /> : <WorkloadLogsTab workload={props.object} />;
  }
  if (props.tab === 'blame') return <BlameTab object={props.object} />;
  if (props.tab === 'events') return <EventsTab object={props.object} />;
  return <SummaryTab object={props.object} resource={props.resource} />;
}

function Detail({ resource, place }: { resource: Resource; place: ObjectRef }) {
  const t = useTranslations();
  const tabs = useTabs(resource);
  const tab = useTab(tabs);
  const { object, gone, knowledge, error } = useObject(resource, place, hidesValues(resource));
  if (error) return <ListFault page error={error} right={rightOn('get', resource, place)} />;
  if (!object && knowledge.certainty !== 'current') {
    return (
      <>
        <h1 className="px-4 pt-4 pb-2 text-xl font-semibold tracking-tight break-all md:px-6">
          <span className="sr-only">{resource.kind} </span>
          {place.name}
        </h1>
        <StillLoading />
      </>
    );
  }
  if (!object) {
    return (
      <Empty page icon={<SearchX />} title={t('state.notFound', { kind: resource.kind, name: place.name })}>
        {t('state.notFoundHint')}
      </Empty>
    );
  }
  const tabList = <Tabs resource={resource} object={object} tabs={tabs} active={tab} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {gone && (
        <NoticeBar tone="warn" role="status" icon={<Trash2 aria-hidden="true" />}>
          {t('state.gone', { name: place.name })}
        </NoticeBar>
      )}
      <Header resource={resource} object={object} gone={gone} knowledge={knowledge} tabs={tabList} />
      <LateBoundary key={tab}>
        <Suspense fallback={<SkeletonRows label={t('app.loading')} />}>
          <TabBody tab={tab} resource={resource} object={object} gone={gone} />
        </Suspense>
      </LateBoundary>
    </div>
  );
}
