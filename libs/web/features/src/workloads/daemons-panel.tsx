'use client';

import type { ControllerRevision, DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { LivePanel } from '../known/answer.js';
import { KindLink } from '../objects/links.js';
import { PodLink } from '../objects/pod-link.js';
import { RowsTable } from '../objects/rows-panel.js';
import { None } from '../objects/text.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { podState } from '../pods/pod-status.js';
import { as, type PanelProps, type Surroundings } from '../view/kind-view.js';
import { currentHash, type DaemonPlace, daemonPlaces, obstacleTaint } from './daemons.js';
import { workloadSelector } from './selectors.js';

/** More rows than this nobody reads; those in trouble stand first. */
const MOST_ROWS = 200;

function usePlaces(object: UnstructuredObject) {
  const { namespace = '', uid } = object.metadata;
  const nodes = useLive(useQueryOf('nodes', {}));
  const pods = useLive(useQueryOf('pods', { namespace, labelSelector: workloadSelector(object) }));
  const revisions = useLive(useQueryOf('controllerrevisions.apps', { namespace }));
  const knowledge = useKnowledge(nodes, pods);
  const places = useMemo(() => {
    const set = as<DaemonSet>(object);
    const own = pods.items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
    const hash = currentHash(set, revisions.items as unknown as readonly ControllerRevision[]);
    return daemonPlaces(set, nodes.items as unknown as readonly Node[], own as unknown as readonly Pod[], hash);
  }, [object, nodes.items, pods.items, revisions.items, uid]);
  return { places, knowledge };
}

function useWhy(): (place: DaemonPlace, around: Surroundings) => string {
  const t = useTranslations('rollout');
  return ({ pod, obstacle }, around) => {
    if (obstacle?.kind === 'taint') return t('notTolerated', { taint: obstacleTaint(obstacle) });
    if (obstacle) return t(obstacle.kind === 'name' ? 'otherNode' : 'notSelected');
    if (!pod) return t('notMade');
    return podState(pod, around).detail ?? '';
  };
}

function PlaceStatus({ place: { pod, obstacle }, around }: { place: DaemonPlace; around: Surroundings }) {
  const t = useTranslations('rollout');
  if (!pod) return <Status tone={obstacle ? 'idle' : 'warn'}>{t(obstacle ? 'notWanted' : 'missing')}</Status>;
  const { tone, label, detail } = podState(pod, around);
  return (
    <Status tone={tone} title={detail}>
      {label}
    </Status>
  );
}

/** Every node with the daemon that runs there: how it is, whether it is new, and why there is none. */
export function Daemons({ object, around }: PanelProps) {
  const t = useTranslations();
  const why = useWhy();
  const { places, knowledge } = usePlaces(object);
  const shown = places.slice(0, MOST_ROWS);
  const rows = shown.map((place) => [
    <KindLink key="node" apiVersion="v1" kind="Node" name={place.node} />,
    <PlaceStatus key="status" place={place} around={around} />,
    place.pod ? <PodLink key="pod" pod={place.pod} /> : <None key="pod" />,
    place.updated === undefined ? <None key="new" /> : t(place.updated ? 'rollout.upToDate' : 'rollout.outOfDate'),
    <span key="why" className="break-words text-ink-2">
      {why(place, around)}
    </span>,
  ]);
  const head = [t('columns.node'), t('list.status'), t('rollout.pod'), t('rollout.template'), t('rollout.why')];
  return (
    <LivePanel
      title={t('rollout.byNode')}
      count={places.filter(({ pod }) => pod).length}
      empty={places.length === 0}
      knowledge={knowledge}
      none={{ title: t('overview.noNodes') }}
    >
      <RowsTable title={t('rollout.byNode')} head={head} rows={rows} />
      {places.length > shown.length && (
        <p className="px-4 py-2 text-sm text-ink-3">{t('detail.showMore', { count: places.length - shown.length })}</p>
      )}
    </LivePanel>
  );
}
