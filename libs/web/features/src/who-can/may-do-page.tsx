'use client';

import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { fetchRules, type NamespaceRules, useBindingsFollower, useCluster, type ViewedAs } from '@binnacle/web-data';
import { Empty, NoticeBar, Panel, SkeletonRows } from '@binnacle/web-ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CircleHelp, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useDeferredValue } from 'react';
import { replaceParams } from '../list/use-list-state.js';
import { Choice, QuestionPage, Typed, useNamespaceNames } from './access-form.js';
import { RuleList } from '../access/rule-list.js';

/** A name for who is asked about only as a member of a group. */
const ANYBODY = 'somebody';

interface Asked {
  readonly user: string;
  readonly group: string;
  readonly namespace: string;
}

function useAsked(): Asked {
  const params = useSearchParams();
  const text = (name: string) => params.get(name) ?? '';
  return { user: text('user'), group: text('group'), namespace: text('in') || 'default' };
}

/** Undefined: about oneself. */
function whom({ user, group }: Asked): ViewedAs | undefined {
  const groups = group
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return user || groups.length > 0 ? { user: user || ANYBODY, groups } : undefined;
}

function Fields({ user, group, namespace }: Asked) {
  const t = useTranslations('access');
  const namespaces = useNamespaceNames();
  const all = namespaces.includes(namespace) ? namespaces : [namespace, ...namespaces];
  const set = (name: string) => (value: string) => replaceParams({ [name]: value });
  return (
    <>
      <Typed id="may-user" label={t('user')} value={user} onChange={set('user')} />
      <Typed id="may-group" label={t('group')} value={group} placeholder="team:…" onChange={set('group')} />
      <Choice
        label={t('inNamespace')}
        value={namespace}
        options={all.map((name) => [name, name])}
        onChange={set('in')}
      />
      <p className="basis-full text-xs text-ink-3">{t('me')}</p>
    </>
  );
}

function Rules({ told }: { told: NamespaceRules }) {
  const t = useTranslations('access');
  const rules = told.resourceRules as readonly PolicyRule[];
  const paths = told.nonResourceRules as readonly PolicyRule[];
  return (
    <>
      {told.incomplete && <NoticeBar tone="info">{t('incomplete')}</NoticeBar>}
      <Panel title={t('rules')} count={rules.length}>
        {rules.length === 0 ? <Empty compact icon={<CircleHelp />} title={t('noRules')} /> : <RuleList rules={rules} />}
      </Panel>
      {paths.length > 0 && (
        <Panel title={t('paths')} count={paths.length}>
          <RuleList rules={paths} />
        </Panel>
      )}
    </>
  );
}

function Answer(asked: Asked) {
  const t = useTranslations();
  const { cluster } = useCluster();
  const as = whom(asked);
  // One's own are told of without.
  useBindingsFollower(['rights', cluster, 'may-do']);
  const { data, error } = useQuery({
    queryKey: ['rights', cluster, 'may-do', asked.namespace, as],
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => fetchRules(cluster, asked.namespace, { signal, as }),
  });
  if (error) {
    return (
      <Empty icon={<Lock />} title={t('state.denied')}>
        {t('state.deniedHint', { message: error.message })}
      </Empty>
    );
  }
  return data ? <Rules told={data} /> : <SkeletonRows label={t('app.loading')} />;
}

/** What rules hold for somebody. */
export function MayDoPage() {
  const t = useTranslations('access');
  const asked = useAsked();
  const { user, group, namespace } = asked;
  // A name is not asked about letter by letter.
  const [lateUser, lateGroup] = [useDeferredValue(user), useDeferredValue(group)];
  return (
    <QuestionPage title={t('mayDo')} lead={t('mayDoLead')} fields={<Fields {...asked} />}>
      <Answer user={lateUser} group={lateGroup} namespace={namespace} />
    </QuestionPage>
  );
}
