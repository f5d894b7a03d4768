'use client';

import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { Status, Tag } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { LivePanel } from '../known/answer.js';
import { KindLink } from '../objects/links.js';
import { PodLink } from '../objects/pod-link.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Mono, None } from '../objects/text.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { podState } from '../pods/pod-status.js';
import { Restarts } from '../pods/restarts.js';
import { genericStatus } from '../view/generic-status.js';
import { as, type PanelProps, type Surroundings } from '../view/kind-view.js';
import { type Member, membersOf, rolloutOf, type SetRollout } from './ordinals.js';
import { workloadSelector } from './selectors.js';

/** More rows than this nobody reads. */
const MOST_ROWS = 200;

function useMembers(object: UnstructuredObject) {
  const { namespace = '', uid } = object.metadata;
  const pods = useLive(useQueryOf('pods', { namespace, labelSelector: workloadSelector(object) }));
  const claims = useLive(useQueryOf('persistentvolumeclaims', { namespace }));
  const hasClaims = (as<StatefulSet>(object).spec?.volumeClaimTemplates ?? []).length > 0;
  const knowledge = useKnowledge(pods, ...(hasClaims ? [claims] : []));
  const members = useMemo(() => {
    const own = pods.items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
    const all = claims.items as unknown as readonly PersistentVolumeClaim[];
    return membersOf(as<StatefulSet>(object), own as unknown as readonly Pod[], all, MOST_ROWS);
  }, [object, pods.items, claims.items, uid]);
  return { members, knowledge, hasClaims };
}

function Rollout({ rollout }: { rollout: SetRollout }) {
  const t = useTranslations('rollout');
  switch (rollout.kind) {
    case 'settled':
      return null;
    case 'onDelete':
      return <p>{t('setOnDelete', { old: rollout.old })}</p>;
    case 'held':
      return <p>{t('setHeld', { ...rollout })}</p>;
    case 'rolling': {
      const { updated, wanted, at, waits } = rollout;
      return <p>{t(waits ? 'setWaits' : 'setNext', { updated, wanted, name: at?.name ?? '' })}</p>;
    }
  }
}

function MemberStatus({ member: { pod, isExcess }, around }: { member: Member; around: Surroundings }) {
  const t = useTranslations('rollout');
  if (!pod) return <Status tone="warn">{t('missing')}</Status>;
  const state = podState(pod, around);
  return (
    <span className="flex items-center gap-2">
      <Status tone={state.tone} title={state.detail}>
        {state.label}
      </Status>
      <span className="tabular text-ink-2">{`${state.ready}/${state.total}`}</span>
      {isExcess && <Tag tone="warn">{t('excess')}</Tag>}
    </span>
  );
}

function MemberRevision({ member: { revision, revisionName } }: { member: Member }) {
  const t = useTranslations('rollout');
  if (!revision) return <None />;
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Mono>{revisionName.slice(revisionName.lastIndexOf('-') + 1)}</Mono>
      <span className="text-xs text-ink-3">{t(`member.${revision}`)}</span>
    </span>
  );
}

function Claims({ member, namespace }: { member: Member; namespace: string }) {
  const t = useTranslations('rollout');
  return (
    <ul className="flex flex-col gap-0.5">
      {member.claims.map(({ name, claim }) => {
        const status = claim && genericStatus(claim as unknown as UnstructuredObject);
        const size = claim?.status?.capacity?.['storage'];
        return (
          <li key={name} className="flex flex-wrap items-center gap-x-2">
            {claim ? (
              <KindLink apiVersion="v1" kind="PersistentVolumeClaim" namespace={namespace} name={name} />
            ) : (
              <span className="text-ink-3">{name}</span>
            )}
            <Status tone={status?.tone ?? 'warn'}>{status?.label ?? t('missing')}</Status>
            {size !== undefined && <span className="text-xs text-ink-3">{String(size)}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** The places of a StatefulSet in order: who fills each, with which template, how it is, and what it keeps. */
export function Members({ object, around }: PanelProps) {
  const t = useTranslations();
  const set = as<StatefulSet>(object);
  const { namespace = '' } = object.metadata;
  const { members, knowledge, hasClaims } = useMembers(object);
  const rollout = rolloutOf(set, members);
  const rows = members.map((member) => [
    <span key="ordinal" className="tabular">
      {member.ordinal}
    </span>,
    member.pod ? (
      <PodLink key="pod" pod={member.pod} />
    ) : (
      <span key="pod" className="text-ink-3">
        {member.name}
      </span>
    ),
    <MemberStatus key="status" member={member} around={around} />,
    member.pod ? <Restarts key="restarts" pod={member.pod} /> : <None key="restarts" />,
    <MemberRevision key="revision" member={member} />,
    ...(hasClaims ? [<Claims key="claims" member={member} namespace={namespace} />] : []),
  ]);
  const head = [
    t('rollout.ordinal'),
    t('rollout.pod'),
    t('list.status'),
    t('columns.restarts'),
    t('columns.revision'),
    ...(hasClaims ? [t('spec.claims')] : []),
  ];
  return (
    <LivePanel
      title={t('rollout.members')}
      count={members.filter(({ pod }) => pod).length}
      empty={members.length === 0}
      knowledge={knowledge}
      none={{ title: t('detail.noPods') }}
    >
      <div className="px-4 py-2.5 text-sm text-ink-2 empty:hidden">
        <Rollout rollout={rollout} />
      </div>
      <RowsTable title={t('rollout.members')} head={head} rows={rows} />
    </LivePanel>
  );
}
