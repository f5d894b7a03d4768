'use client';

import type { PolicyRule, RoleBinding, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { linkFact } from '../objects/fact-lines.js';
import { KindLink } from '../objects/links.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, None } from '../objects/text.js';
import { as, type Fact, type KindView, type PanelProps } from '../view/kind-view.js';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** `pods, deployments.apps`, or paths that are no objects. */
export function ruleResources({ apiGroups = [], resources = [], nonResourceURLs = [] }: PolicyRule): string {
  const groups = apiGroups.length > 0 ? apiGroups : [''];
  const named = resources.flatMap((resource) => groups.map((group) => (group ? `${resource}.${group}` : resource)));
  return [...named, ...nonResourceURLs].join(', ');
}

function Words({ text }: { text: string }) {
  return text ? <Mono>{text}</Mono> : <None />;
}

/** What a role allows. */
function RoleRules({ object }: PanelProps) {
  const t = useTranslations('spec');
  const { rules } = object as unknown as { rules?: readonly PolicyRule[] | null };
  const rows = (rules ?? []).map((rule) => [
    <Words key="resources" text={ruleResources(rule)} />,
    <Words key="names" text={(rule.resourceNames ?? []).join(', ')} />,
    <Words key="verbs" text={rule.verbs.join(', ')} />,
  ]);
  const head = [t('resources'), t('names'), t('verbs')];
  return <RowsPanel title={t('rules')} head={head} rows={rows} none={t('noRules')} />;
}

function SubjectName({ subject: { kind, name, namespace } }: { subject: Subject }) {
  if (kind !== 'ServiceAccount') return <Mono>{name}</Mono>;
  return <KindLink apiVersion="v1" kind="ServiceAccount" namespace={namespace} name={name} />;
}

/** Who is given the role. */
function Subjects({ object }: PanelProps) {
  const t = useTranslations();
  const rows = (as<RoleBinding>(object).subjects ?? []).map((subject) => [
    subject.kind,
    <SubjectName key="name" subject={subject} />,
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
export const roleView: KindView = { panels: [RoleRules], actions: { dangerous: true } };
export const bindingView: KindView = { facts: bindingFacts, panels: [Subjects], actions: { dangerous: true } };
