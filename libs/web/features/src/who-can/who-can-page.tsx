'use client';

import {
  fetchWhoCan,
  type Resource,
  resourceId,
  type Right,
  type RightHolder,
  rightKey,
  rightOn,
  type RightSource,
  useBindingsFollower,
  useCluster,
  type WhoCan,
} from '@binnacle/web-data';
import { Empty, Panel, SkeletonRows } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { Lock, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { replaceParams } from '../list/use-list-state.js';
import { KindLink } from '../objects/links.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Holder, holderName } from '../rights/holders.js';
import { Choice, QuestionPage, Typed, useNamespaceNames } from './access-form.js';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const RBAC = 'rbac.authorization.k8s.io/v1';

interface Asked {
  readonly right: Right;
  readonly resource: Resource;
}

/** What the address asks. */
function useAsked(): Asked | undefined {
  const { resources } = useCluster();
  const params = useSearchParams();
  const resource = resources.byId(params.get('kind') ?? 'pods');
  if (!resource) return undefined;
  const text = (name: string) => params.get(name) ?? '';
  const scope = { subresource: text('subresource'), namespace: text('in'), name: text('name') };
  return { resource, right: rightOn(text('verb') || 'get', resource, scope) };
}

function Fields({ right, resource }: Asked) {
  const t = useTranslations('access');
  const { resources } = useCluster();
  const namespaces = useNamespaceNames();
  const set = (name: string) => (value: string) => replaceParams({ [name]: value });
  const kinds = resources.all.map((each) => resourceId(each)).sort();
  const parts = resource.subresources.map((part) => [part, part] as const);
  return (
    <>
      <Choice label={t('verb')} value={right.verb} options={VERBS.map((verb) => [verb, verb])} onChange={set('verb')} />
      <Choice
        label={t('kind')}
        value={resourceId(resource)}
        options={kinds.map((id) => [id, id])}
        onChange={(kind) => replaceParams({ kind, subresource: '' })}
      />
      {parts.length > 0 && (
        <Choice
          label={t('subresource')}
          value={right.subresource ?? ''}
          options={[['', t('whole')], ...parts]}
          onChange={set('subresource')}
        />
      )}
      {resource.namespaced && (
        <Choice
          label={t('namespace')}
          value={right.namespace ?? ''}
          options={[['', t('anywhere')], ...namespaces.map((name) => [name, name] as const)]}
          onChange={set('in')}
        />
      )}
      <Typed
        id="who-name"
        label={t('name')}
        value={right.name ?? ''}
        placeholder={t('anyName')}
        onChange={set('name')}
      />
    </>
  );
}

function SourceLink({ source }: { source: RightSource }) {
  const { kind, name, namespace } = source;
  return (
    <span className="block">
      <KindLink apiVersion={RBAC} kind={kind} namespace={namespace} name={name}>
        {namespace ? `${namespace}/${name}` : name}
      </KindLink>
    </span>
  );
}

function RoleLink({ source: { roleKind, roleName, namespace } }: { source: RightSource }) {
  const place = roleKind === 'Role' ? namespace : undefined;
  return (
    <span className="block">
      <KindLink apiVersion={RBAC} kind={roleKind} namespace={place} name={roleName} />
    </span>
  );
}

/** Each with all that gives it to them. */
function rowsOf({ subjects }: WhoCan) {
  return subjects.map((holder) => {
    const { by: sources = [] } = holder;
    return [
      <Holder key="who" holder={holder} />,
      <span key="by">
        {sources.map((source) => (
          <SourceLink key={`${source.kind} ${source.namespace} ${source.name}`} source={source} />
        ))}
      </span>,
      <span key="role">
        {sources.map((source) => (
          <RoleLink key={`${source.kind} ${source.namespace} ${source.name}`} source={source} />
        ))}
      </span>,
    ];
  });
}

function Granters({ holders }: { holders: readonly RightHolder[] }) {
  const t = useTranslations('access');
  if (holders.length === 0) return null;
  return (
    <Panel title={t('couldGrant')} count={holders.length}>
      <ul className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
        {holders.map((holder) => (
          <li key={`${holder.kind} ${holderName(holder)}`}>
            <Holder holder={holder} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Answer({ right }: { right: Right }) {
  const t = useTranslations();
  const { cluster } = useCluster();
  useBindingsFollower(['who-can', cluster]);
  const { data, error } = useQuery({
    queryKey: ['who-can', cluster, rightKey(right)],
    queryFn: ({ signal }) => fetchWhoCan(cluster, right, signal),
    retry: false,
  });
  if (error) {
    return (
      <Empty icon={<Lock />} title={t('state.denied')}>
        {t('state.deniedHint', { message: error.message })}
      </Empty>
    );
  }
  if (!data) return <SkeletonRows label={t('app.loading')} />;
  return (
    <>
      <Panel title={t('access.who')} count={data.subjects.length} flush>
        {data.subjects.length === 0 ? (
          <Empty compact icon={<UsersRound />} title={t('access.nobody')}>
            {t('access.nobodyHint')}
          </Empty>
        ) : (
          <RowsTable
            title={t('access.who')}
            head={[t('access.who'), t('access.by'), t('access.role')]}
            rows={rowsOf(data)}
          />
        )}
      </Panel>
      {data.incomplete && <p className="text-xs text-ink-3">{t('access.whoIncomplete')}</p>}
      <Granters holders={data.couldGrant} />
    </>
  );
}

/** Who may do a thing, and why. */
export function WhoCanPage() {
  const t = useTranslations('access');
  const asked = useAsked();
  return (
    <QuestionPage title={t('whoCan')} lead={t('whoCanLead')} fields={asked && <Fields {...asked} />}>
      {asked && <Answer right={asked.right} />}
    </QuestionPage>
  );
}
