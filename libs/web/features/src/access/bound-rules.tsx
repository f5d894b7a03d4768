'use client';

import type { ClusterRole, RoleRef } from '@binnacle/apis-kubernetes/rbac/v1';
import { getObject, useCluster } from '@binnacle/web-data';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { RuleList } from './rule-list.js';

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;

interface BoundRulesProps {
  readonly roleRef: Pick<RoleRef, 'kind' | 'name'>;
  /** Of the binding: where a Role is. */
  readonly namespace: string;
  readonly cluster?: string;
  readonly most?: number;
}

/** What the role says that a binding names. */
export function BoundRules({ roleRef: { kind, name }, namespace, cluster: named, most }: BoundRulesProps) {
  const t = useTranslations('access');
  const { cluster: here } = useCluster();
  const cluster = named ?? here;
  const { data, error } = useQuery({
    queryKey: ['role', cluster, kind, namespace, name],
    retry: false,
    queryFn: ({ signal }) => {
      const place = kind === 'Role' ? { resource: 'roles', namespace } : { resource: 'clusterroles' };
      return getObject({ cluster, ...RBAC, ...place, name }, signal);
    },
  });
  if (error) return <p className="text-sm text-ink-3">{t('grantUnread', { message: error.message })}</p>;
  if (!data) return null;
  const { rules } = data as unknown as Partial<ClusterRole>;
  return <RuleList rules={rules ?? []} {...(most !== undefined && { most })} />;
}
