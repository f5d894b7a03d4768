'use client';

import { fetchApiDocument, type Resource, useCluster } from '@binnacle/web-data';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { FieldSchemas } from './field-schema.js';

/** The schema of a kind as the server publishes it; undefined while it is on its way, or where there is none. */
export function useFieldSchemas(resource: Resource): FieldSchemas | undefined {
  const { cluster } = useCluster();
  const { group, version, kind } = resource;
  const { data } = useQuery({
    queryKey: ['schema', cluster, group, version],
    queryFn: ({ signal }) => fetchApiDocument(cluster, { group, version }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => data && new FieldSchemas(data, { group, version, kind }), [data, group, version, kind]);
}
