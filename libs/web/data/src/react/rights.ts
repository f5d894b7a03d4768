'use client';

import { isPast } from '@binnacle/machinery-meta';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { fetchAccess, fetchRules } from '../rights/reviews.js';
import { type Right, rightKey } from '../rights/right.js';
import { onRightsChanged } from '../rights-changed.js';
import { type NamespaceRules, rulesAllow } from '../rights/rules.js';
import { useCluster } from './cluster.js';
import { useLiveClient } from './live.js';

/** Several signs of one change come together. */
const SETTLE_MILLISECONDS = 100;
/** Without a line nobody tells of changes: what is older is asked anew when it is shown anew. */
const SHARED = { staleTime: 10_000, retry: false } as const;

/** Whether somebody has a right; undefined while that is not known. */
export type HasRight = (right: Right) => boolean | undefined;

function useNamespaceRules(namespaces: readonly string[]): ReadonlyMap<string, NamespaceRules | 'unknown' | undefined> {
  const { cluster } = useCluster();
  const found = useQueries({
    queries: namespaces.map((namespace) => ({
      ...SHARED,
      queryKey: ['rights', cluster, 'rules', namespace],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchRules(cluster, namespace, { signal }),
    })),
  });
  return new Map(
    namespaces.map((namespace, index) => {
      const { data, isError } = found[index] ?? {};
      return [namespace, data ?? (isError ? 'unknown' : undefined)];
    }),
  );
}

function useAccess(rights: readonly Right[]): ReadonlyMap<string, boolean | undefined> {
  const { cluster } = useCluster();
  const found = useQueries({
    queries: rights.map((right) => ({
      ...SHARED,
      queryKey: ['rights', cluster, 'access', rightKey(right)],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchAccess(cluster, right, signal),
    })),
  });
  return new Map(rights.map((right, index) => [rightKey(right), found[index]?.data]));
}

/** What rules say for certain; 'ask' where only a question about the very right tells. */
function fromRules(rules: NamespaceRules | 'unknown' | undefined, right: Right): boolean | 'ask' | undefined {
  if (rules === undefined) return undefined;
  if (rules === 'unknown') return 'ask';
  return rulesAllow(rules.resourceRules, right) || (rules.incomplete ? 'ask' : false);
}

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];

/**
 * Which of these rights whoever looks has: one question for each namespace, and one for each right that concerns no namespace or
 * that the rules of its namespace leave open. Kept in step while it is shown.
 */
export function useRights(rights: readonly Right[]): HasRight {
  const rules = useNamespaceRules(unique(rights.flatMap(({ namespace }) => namespace ?? [])));
  const told = (right: Right) => (right.namespace ? fromRules(rules.get(right.namespace), right) : 'ask');
  const asked = new Map(rights.filter((right) => told(right) === 'ask').map((right) => [rightKey(right), right]));
  const access = useAccess([...asked.values()]);
  return (right) => {
    const said = told(right);
    return said === 'ask' ? access.get(rightKey(right)) : said;
  };
}

/** Asks again what somebody may do as soon as the server, or anything that is refused, tells that it may have changed. */
export function useRightsFollower(): void {
  const { cluster } = useCluster();
  const client = useQueryClient();
  const live = useLiveClient();
  useEffect(() => {
    if (isPast(cluster)) return undefined;
    return live.followRights(cluster, () => void client.invalidateQueries({ queryKey: ['rights', cluster] }));
  }, [live, client, cluster]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onRightsChanged(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ['rights'] });
      }, SETTLE_MILLISECONDS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
}
