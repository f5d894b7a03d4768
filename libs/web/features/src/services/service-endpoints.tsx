'use client';

import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { useKnowledge, useLive } from '@binnacle/web-data';
import { useQueryOf } from '../objects/use-query-of.js';
import type { PanelProps } from '../view/kind-view.js';
import { EndpointRows } from './endpoint-rows.js';

/** The addresses a Service leads to. */
export function ServiceEndpoints({ object }: PanelProps) {
  const { name = '', namespace = '' } = object.metadata;
  const view = useLive(
    useQueryOf('endpointslices.discovery.k8s.io', { namespace, labelSelector: `${LABEL_SERVICE_NAME}=${name}` }),
  );
  const knowledge = useKnowledge(view);
  return <EndpointRows slices={view.items as unknown as readonly EndpointSlice[]} knowledge={knowledge} />;
}
