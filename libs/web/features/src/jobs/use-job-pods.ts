'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Knowledge, type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { useMemo } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { workloadSelector } from '../workloads/selectors.js';

/** The Pods a Job has made, live. */
export function useJobPods(job: UnstructuredObject): { readonly pods: readonly Pod[]; readonly knowledge: Knowledge } {
  const { namespace = '', uid } = job.metadata;
  const labelSelector = workloadSelector(job);
  const query = useQueryOf('pods', { namespace, labelSelector });
  const view = useLive(labelSelector ? query : undefined);
  const knowledge = useKnowledge(view);
  const pods = useMemo(() => {
    const all = view.items as unknown as readonly Pod[];
    return all.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  }, [view.items, uid]);
  return { pods, knowledge };
}
