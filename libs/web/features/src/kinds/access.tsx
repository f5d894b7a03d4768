'use client';

import type { ClusterRole, RoleBinding } from '@binnacle/apis-kubernetes/rbac/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { BoundRules } from '../access/bound-rules.js';
import { RuleList } from '../access/rule-list.js';
import { holderOf } from '../access/subjects.js';
import type { Translate } from '../messages/index.js';
import { linkFact } from '../objects/fact-lines.js';
import { KindLink } from '../objects/links.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono } from '../objects/text.js';
import { holderName } from '../rights/holders.js';
import { as, type Fact, type KindView, type PanelProps } from '../view/kind-view.js';

const RBAC = 'rbac.authorization.k8s.io/v1';

function Aggregated({ role }: { role: Partial<ClusterRole> }) {
  const t = useTranslations('access');
  const selectors = role.aggregationRule?.clusterRoleSelectors;
  if (!selectors?.length) return null;
  const labels = selectors
    .flatMap(({ matchLabels = {} }) => Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`))
    .join(', ');
  return <p className="mb-3 text-sm text-ink-3">{t('aggregated', { labels })}</p>;
}

/** What a role allows, in sentences. */
function RoleRules({ object }: PanelProps) {
  const t = useTranslations();
  const role = object as unknown as Partial<ClusterRole>;
  const rules = role.rules ?? [];
  return (
    <Panel title={t('access.rules')} count={rules.length}>
      <Aggregated role={role} />
      {rules.length === 0 ? <p className="text-sm text-ink-3">{t('spec.noRules')}</p> : <RuleList rules={rules} />}
    </Panel>
  );
}

/** Who may do what where, in a sentence. */
function BindingSentence({ object }: PanelProps) {
  const t = useTranslations('access');
  const format = useFormatter();
  const { metadata, subjects = [], roleRef } = as<RoleBinding>(object) as Partial<RoleBinding>;
  const role = roleRef?.name ?? '';
  const { namespace } = metadata ?? {};
  const where = namespace ? t('inNamed', { namespace }) : t('inCluster');
  const who = format.list((subjects ?? []).map((subject) => holderName(holderOf(subject, namespace))));
  return (
    <Panel title={t('gives')}>
      <p className="mb-3 text-sm">{who ? t('binding', { who, where, role }) : t('bindingNobody', { role })}</p>
      {roleRef && <BoundRules roleRef={roleRef} namespace={namespace ?? ''} />}
    </Panel>
  );
}

function SubjectName({ subject, of }: { subject: Parameters<typeof holderOf>[0]; of: string | undefined }) {
  const { kind, name, namespace } = holderOf(subject, of);
  if (kind !== 'ServiceAccount') return <Mono>{name}</Mono>;
  return <KindLink apiVersion="v1" kind="ServiceAccount" namespace={namespace} name={name} />;
}

/** Who is given the role. */
function Subjects({ object }: PanelProps) {
  const t = useTranslations();
  const rows = (as<RoleBinding>(object).subjects ?? []).map((subject) => [
    subject.kind,
    <SubjectName key="name" subject={subject} of={object.metadata.namespace} />,
    subject.namespace ?? '',
  ]);
  const head = [t('columns.kind'), t('list.name'), t('list.namespace')];
  return <RowsPanel title={t('spec.subjects')} head={head} rows={rows} none={t('spec.noSubjects')} />;
}

function bindingFacts(object: UnstructuredObject, t: Translate): Fact[] {
  const { metadata, roleRef } = as<RoleBinding>(object) as Partial<RoleBinding>;
  const { kind = '', name } = roleRef ?? {};
  return linkFact(t('spec.role'), { apiVersion: RBAC, kind, namespace: metadata?.namespace, name, column: 'Role' });
}

/** Rights that somebody has; without them people are locked out. */
export const roleView: KindView = { panels: [RoleRules], actions: { dangerous: true, grants: true } };
export const bindingView: KindView = {
  facts: bindingFacts,
  panels: [BindingSentence, Subjects],
  actions: { dangerous: true },
};
