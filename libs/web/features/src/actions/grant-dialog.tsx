'use client';

import { DEFAULT_CLUSTER, presentCluster } from '@binnacle/machinery-meta';
import {
  create,
  listQuery,
  PEOPLE_CLUSTER,
  type ResourcePath,
  type RightHolder,
  rightOn,
  useCluster,
  useLive,
} from '@binnacle/web-data';
import { inputClass, Labelled, SelectField, showToast } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BoundRules } from '../access/bound-rules.js';
import { useClusterNames } from '../people/bindings-panel.js';
import { usePeople, useTeams } from '../people/people.js';
import { refusalProps, useRefusal } from '../rights/use-missing.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { useMaking } from './people/use-making.js';
import { type Grant, grantBinding, grantCommand, roleKey, subjectOf } from './grant.js';

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;
const SHOWN_RULES = 6;

const path = (resource: string): ResourcePath => ({ ...RBAC, resource });

/** The names of what there is of a kind in a cluster, as far as it may be seen. */
function useNames(cluster: string, resource: ResourcePath, namespace = ''): readonly string[] {
  const { items } = useLive(listQuery(cluster, resource, namespace ? { namespace } : {}));
  return items.map(({ metadata }) => metadata.name ?? '').sort();
}

function RoleSelect({ grant, onChange }: FieldsProps) {
  const t = useTranslations('access');
  const whole = useNames(grant.cluster, path('clusterroles'));
  const own = useNames(grant.cluster, path('roles'), grant.namespace || 'default');
  const options = [
    ...(grant.namespace ? own.map((name) => [roleKey('Role', name), name] as const) : []),
    ...whole.map((name) => [roleKey('ClusterRole', name), name] as const),
  ];
  const value = grant.role ? roleKey(grant.role.kind, grant.role.name) : '';
  const all = options.some(([key]) => key === value)
    ? options
    : [[value, grant.role?.name ?? '…'] as const, ...options];
  const choose = (key: string) => {
    const [kind = '', name = ''] = key.split(' ');
    onChange({ ...grant, role: name ? { kind, name } : undefined });
  };
  return <SelectField label={t('grantRole')} value={value} options={all} onChange={choose} />;
}

/** Everybody and every team that may be meant; anything else is typed. */
function SubjectFields({ grant, onChange }: FieldsProps) {
  const t = useTranslations('access');
  const people = usePeople().map(({ metadata }) => metadata.name ?? '');
  const teams = useTeams().map(({ metadata }) => `team:${metadata.name ?? ''}`);
  const { kind, name } = grant.subject;
  const kinds = [['User', t('user')] as const, ['Group', t('group')] as const];
  const setKind = (next: string) => onChange({ ...grant, subject: { kind: next as RightHolder['kind'], name: '' } });
  return (
    <div className="flex gap-2">
      <SelectField className="flex-1" label={t('grantTo')} value={kind} options={kinds} onChange={setKind} />
      <Labelled className="flex-1" label={t('name')}>
        <input
          className={inputClass}
          value={name}
          list="grant-subjects"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onChange({ ...grant, subject: { kind, name: target.value } })}
        />
      </Labelled>
      <datalist id="grant-subjects">
        {(kind === 'User' ? people : teams).map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}

interface FieldsProps {
  readonly grant: Grant;
  readonly onChange: (grant: Grant) => void;
}

function PlaceFields({ grant, onChange }: FieldsProps) {
  const t = useTranslations('access');
  const clusters = useClusterNames();
  const namespaces = useNames(grant.cluster, { group: '', version: 'v1', resource: 'namespaces' });
  const places = [...new Set([grant.namespace, ...namespaces])].filter(Boolean);
  // A Role is of its namespace and gives nothing elsewhere.
  const isFixed = grant.role?.kind === 'Role' && grant.isFixed;
  return (
    <div className="flex gap-2">
      {!grant.isFixed && (
        <SelectField
          className="flex-1"
          label={t('grantCluster')}
          value={grant.cluster}
          options={[...new Set([grant.cluster, ...clusters])].map((name) => [name, name])}
          onChange={(cluster) => onChange({ ...grant, cluster, role: undefined, namespace: '' })}
        />
      )}
      <SelectField
        className="flex-1"
        label={t('grantWhere')}
        value={grant.namespace}
        options={[...(isFixed ? [] : [['', t('inCluster')] as const]), ...places.map((name) => [name, name] as const)]}
        onChange={(namespace) => isFixed || onChange({ ...grant, namespace })}
      />
    </div>
  );
}

function Preview({ grant }: { grant: Grant }) {
  const t = useTranslations('access');
  if (!grant.role) return null;
  return (
    // A long role leaves the buttons in sight.
    <section
      tabIndex={0}
      aria-label={t('grantPreview')}
      className="max-h-44 overflow-y-auto rounded-md bg-sunken px-3 py-2.5"
    >
      <h3 className="pb-1.5 text-xs font-medium text-ink-2">{t('grantPreview')}</h3>
      <BoundRules roleRef={grant.role} namespace={grant.namespace} cluster={grant.cluster} most={SHOWN_RULES} />
    </section>
  );
}

/** Why it cannot be granted, as far as that can be told before the server is asked. */
function useBlocked({ cluster, namespace, role, subject }: Grant): string | undefined {
  const t = useTranslations('access');
  const here = useCluster().cluster;
  const resource = { group: RBAC.group, resource: namespace ? 'rolebindings' : 'clusterrolebindings' };
  const right = rightOn('create', { ...resource, namespaced: Boolean(namespace) }, { namespace });
  // Rights are those of the cluster this page is of; of another the server tells.
  const refusal = refusalProps(useRefusal(cluster === here ? [right] : []));
  if (!role) return t('grantNoRole');
  return subject.name.trim() ? refusal.disabledReason : t('grantNobody');
}

/** Makes a binding: who gets which role where, with what it gives told before. */
export function GrantForm({ initial, onClose }: { initial: Grant; onClose: () => void }) {
  const t = useTranslations('access');
  const [grant, setGrant] = useState(initial);
  const blocked = useBlocked(grant);
  const { busy, fault, make } = useMaking(async () => {
    const { target, body } = grantBinding(grant);
    await create(target, body);
    showToast({ tone: 'ok', text: t('grantDone', { role: grant.role?.name ?? '', who: grant.subject.name }) });
    onClose();
  });
  return (
    <ActionDialog
      title={t('grantTitle')}
      lead={t('grantLead')}
      submit={t('grantSubmit')}
      busy={busy}
      blocked={blocked}
      {...(!blocked && { command: grantCommand(grant) })}
      onSubmit={make}
      onClose={onClose}
    >
      <SubjectFields grant={grant} onChange={setGrant} />
      <PlaceFields grant={grant} onChange={setGrant} />
      <RoleSelect grant={grant} onChange={setGrant} />
      <Preview grant={grant} />
      {fault}
    </ActionDialog>
  );
}

/** Grants the role whose page is open, or something to the person or team whose page is open. */
export function GrantDialog({ object, onClose }: ActionTarget) {
  const here = presentCluster(useCluster().cluster);
  const { kind } = object;
  const { name = '', namespace = '' } = object.metadata;
  const isRole = kind === 'Role' || kind === 'ClusterRole';
  const initial: Grant = {
    cluster: isRole || here !== PEOPLE_CLUSTER ? here : DEFAULT_CLUSTER,
    isFixed: isRole,
    namespace,
    role: isRole ? { kind, name } : undefined,
    subject: isRole ? { kind: 'User', name: '' } : subjectOf(object),
  };
  return <GrantForm initial={initial} onClose={onClose} />;
}
