'use client';

import type { Decision, DecisionNodes } from '@binnacle/apis-kubernetes/decisions/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { apiPath, call, type Knowledge, objectRef, type Resource, useCluster } from '@binnacle/web-data';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { askedKnowledge } from '../known/asked-knowledge.js';

const ID = 'decisions.scheduling.binnacle.dev';
/** Attempts that are shown. */
const SHOWN = 20;
/** Of a Pod that waits for a node, in milliseconds: nobody tells when another attempt is made. */
const WAITING_REFRESH = 5_000;

interface DecisionList {
  readonly items: readonly Decision[];
}

export interface KnownDecisions {
  /** The newest first. */
  readonly decisions: readonly Decision[];
  readonly knowledge: Knowledge;
}

/** Undefined where the server keeps no decisions. */
export function useDecisionKind(): Resource | undefined {
  return useCluster().resources.byId(ID);
}

/** The latest attempts to find a node for a Pod. */
export function useDecisions(resource: Resource, pod: Pod): KnownDecisions {
  const { cluster } = useCluster();
  const { uid = '', name = '' } = pod.metadata;
  const { namespace } = objectRef(pod);
  const { nodeName } = pod.spec ?? {};
  const waits = !nodeName;
  const { data, error, dataUpdatedAt } = useQuery<DecisionList>({
    queryKey: ['decisions', cluster, uid, nodeName],
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      waits || query.state.data?.items[0]?.status.nodeName !== nodeName ? WAITING_REFRESH : false,
    retry: false,
    queryFn: ({ signal }) => {
      const fieldSelector = `spec.podName=${name},spec.podUID=${uid}`;
      const target = { cluster, ...resource, namespace };
      return call<DecisionList>(apiPath(target, { fieldSelector, limit: SHOWN }), { signal });
    },
  });
  return { decisions: data?.items ?? [], knowledge: askedKnowledge(error, dataUpdatedAt, !data) };
}

/** What each node said; undefined while that is not known, and where it was not kept. */
export function useDecisionNodes(resource: Resource, decision: Decision | undefined): DecisionNodes | undefined {
  const { cluster } = useCluster();
  const { name = '', namespace = '', uid } = decision?.metadata ?? {};
  const { data } = useQuery({
    queryKey: ['decision nodes', cluster, uid],
    enabled: decision?.status.nodeDetail === true,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) =>
      call<DecisionNodes>(apiPath({ cluster, ...resource, namespace, name, subresource: 'nodes' }), { signal }),
  });
  return data;
}
