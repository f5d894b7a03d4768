'use client';

import {
  apiTarget,
  fetchTable,
  type Resource,
  resourceId,
  useCluster,
  type UnstructuredObject,
} from '@binnacle/web-data';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { hasColumns } from '../kinds/kind-views.js';
import type { Fact } from '../view/kind-view.js';
import { FRAME, ServerCell } from '../list/use-server-columns.js';

/** What the server prints of an object of a kind the dashboard knows nothing of, renewed whenever the object changes. */
export function useServerFacts(resource: Resource, object: UnstructuredObject): readonly Fact[] {
  const { cluster } = useCluster();
  const { uid, resourceVersion } = object.metadata;
  const { data } = useQuery({
    queryKey: ['printed', cluster, resourceId(resource), uid, resourceVersion],
    enabled: !hasColumns(resourceId(resource)),
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => fetchTable(apiTarget(cluster, resource, object), {}, signal),
  });
  const cells = data?.rows[0]?.cells;
  if (!cells) return [];
  return data.columnDefinitions.flatMap(({ name, format }, index) =>
    FRAME.has(name) ? [] : [{ column: name, label: name, value: <ServerCell value={cells[index]} format={format} /> }],
  );
}
