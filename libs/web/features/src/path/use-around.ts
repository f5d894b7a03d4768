'use client';

import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { type AroundService, hasSelector, selectedPods } from '@binnacle/apis-request-path';
import { type Knowledge, type LiveQuery, useKnowledge, useLive } from '@binnacle/web-data';
import { useQueryOf } from '../objects/use-query-of.js';
import { mapSelectorText } from '../workloads/selectors.js';
import { knownOf } from './known-view.js';

const SLICES = 'endpointslices.discovery.k8s.io';
const POLICIES = 'networkpolicies.networking.k8s.io';

interface Sight {
  readonly around: AroundService;
  /** Of what a way cannot be told without. */
  readonly knowledge: Knowledge;
}

/** Labels are enough to tell which Pods were perhaps meant. */
const labelsOf = (query: LiveQuery | undefined): LiveQuery | undefined => query && { ...query, metadataOnly: true };

/** What stands around one Service, live: only the Pods that it selects, and where there are none, the labels of the others. */
export function useAroundService(service: Service): Sight {
  const { namespace = '', name = '' } = service.metadata;
  const selector = mapSelectorText(service.spec?.selector);
  const podsOf = useQueryOf('pods', { namespace, labelSelector: selector });
  const pods = useLive(hasSelector(service) ? podsOf : undefined);
  const slices = useLive(useQueryOf(SLICES, { namespace, labelSelector: `${LABEL_SERVICE_NAME}=${name}` }));
  const policies = useLive(useQueryOf(POLICIES, { namespace }));
  const known = knownOf<Pod>(pods);
  const isEmpty = known.state === 'known' && hasSelector(service) && selectedPods(service, known).length === 0;
  const all = labelsOf(useQueryOf('pods', { namespace }));
  const near = knownOf<Pod>(useLive(isEmpty ? all : undefined));
  const around = {
    pods: known,
    near,
    slices: knownOf<EndpointSlice>(slices),
    policies: knownOf<NetworkPolicy>(policies),
  };
  return { around, knowledge: useKnowledge(pods, slices) };
}

/** What stands around all Services of a namespace, live. */
export function useAroundAll(namespace: string): Sight {
  const pods = useLive(useQueryOf('pods', { namespace }));
  const slices = useLive(useQueryOf(SLICES, { namespace }));
  const policies = useLive(useQueryOf(POLICIES, { namespace }));
  const known = knownOf<Pod>(pods);
  const around = {
    pods: known,
    near: known,
    slices: knownOf<EndpointSlice>(slices),
    policies: knownOf<NetworkPolicy>(policies),
  };
  return { around, knowledge: useKnowledge(pods, slices) };
}
