'use client';

import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Connection, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import { isPast } from '@binnacle/machinery-meta';
import { apiPath, call, type Knowledge, useCluster } from '@binnacle/web-data';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { askedKnowledge } from '../known/asked-knowledge.js';

const GROUP = 'networking.binnacle.dev';
/** Nobody tells of it: the proxy is asked, and what it says is true for a second. In milliseconds. */
const ASKED_AGAIN = 2_000;
/** Connections that are shown. */
export const MOST_SHOWN = 50;

const NONE: Knowledge = { certainty: 'absent', asOf: 0 };

/** One question about a Service that is asked again and again while somebody looks. */
function useAsked<T>(
  id: string,
  service: Service,
  target: { readonly name?: string; readonly fieldSelector?: string },
) {
  const { cluster, resources } = useCluster();
  const resource = resources.byId(`${id}.${GROUP}`);
  const { namespace = '', uid = '' } = service.metadata;
  const { fieldSelector, ...named } = target;
  const isServed = resource !== undefined && !isPast(cluster);
  const { data, error, dataUpdatedAt } = useQuery<T>({
    queryKey: ['traffic', cluster, id, uid],
    enabled: isServed,
    placeholderData: keepPreviousData,
    refetchInterval: ASKED_AGAIN,
    retry: false,
    queryFn: ({ signal }) => {
      const { group = '', version = '', resource: plural = '' } = resource ?? {};
      const path = apiPath({ cluster, group, version, resource: plural, namespace, ...named }, { fieldSelector });
      return call<T>(path, { signal });
    },
  });
  return { data, knowledge: isServed ? askedKnowledge(error, dataUpdatedAt, data === undefined) : NONE };
}

/** What a Service has carried; undefined while that is not known, and where nobody may know. */
export function useServiceTraffic(service: Service): ServiceTraffic | undefined {
  return useAsked<ServiceTraffic>('servicetraffics', service, { name: service.metadata.name ?? '' }).data;
}

export interface KnownConnections {
  readonly connections: readonly Connection[];
  readonly knowledge: Knowledge;
}

const since = ({ metadata }: Connection): number => Date.parse(metadata.creationTimestamp ?? '');

/** Who is connected through a Service now, the newest first. */
export function useConnections(service: Service): KnownConnections {
  const fieldSelector = `spec.serviceName=${service.metadata.name ?? ''}`;
  const { data, knowledge } = useAsked<{ readonly items: readonly Connection[] }>('connections', service, {
    fieldSelector,
  });
  const connections = [...(data?.items ?? [])].sort((a, b) => since(b) - since(a));
  return { connections, knowledge };
}
