'use client';

import {
  fetchTable,
  type LiveView,
  objectKey,
  type Resource,
  resourceId,
  type ServerTable,
  type TableCell,
  useCluster,
} from '@binnacle/web-data';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { hasColumns } from '../kinds/kind-views.js';
import type { KindColumn, Narrow } from '../view/kind-view.js';
import { Age } from '../objects/age.js';
import { OrNone, Quiet } from '../objects/text.js';

/** Changes arrive one by one, the table is asked for once in this time, however busy the list is. */
const REFRESH_MILLISECONDS = 150;
/** Shown by the frame of every list already. */
export const FRAME: ReadonlySet<string> = new Set(['Name', 'Namespace', 'Age', 'Created At']);

export function ServerCell({ value, format }: { value: TableCell; format: string | undefined }) {
  if (format === 'date-time' || format === 'date') return <Age time={String(value)} />;
  return <OrNone>{typeof value === 'boolean' ? String(value) : value}</OrNone>;
}

function toColumns(table: ServerTable): KindColumn[] {
  const cells = new Map(table.rows.flatMap((row) => (row.object ? [[objectKey(row.object), row.cells] as const] : [])));
  return table.columnDefinitions.flatMap((definition, index) => {
    if (FRAME.has(definition.name)) return [];
    const cellOf: (object: Parameters<KindColumn['value']>[0]) => TableCell = (object) =>
      cells.get(objectKey(object))?.[index];
    const number = definition.type === 'integer' || definition.type === 'number';
    return [
      {
        id: `t-${definition.name.toLowerCase().replaceAll(' ', '-')}`,
        title: definition.name,
        track: number ? '5.5rem' : 'minmax(6rem,1fr)',
        from: 480 + (definition.priority ?? 0) * 400,
        ...(number && { align: 'end' as const }),
        value: (object) => {
          const value = cellOf(object);
          return typeof value === 'number' ? value : String(value ?? '');
        },
        cell: (object) => (
          <Quiet>
            {/* A row that the server has not printed yet has no value we know, which is not the same as none. */}
            {cells.has(objectKey(object)) ? <ServerCell value={cellOf(object)} format={definition.format} /> : '…'}
          </Quiet>
        ),
      },
    ];
  });
}

/** Runs `refresh` soon after the items have changed; a list that never rests does not put it off. */
function useRefreshed(wanted: boolean, { items }: LiveView, refresh: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  useEffect(() => {
    if (!wanted || items.length === 0) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, REFRESH_MILLISECONDS);
  }, [wanted, items]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

/**
 * The server's own columns for kinds the dashboard has none for, custom resources included. The rows are live; whenever one
 * changes the cells are printed again by the server.
 */
export function useServerColumns(
  resource: Resource | undefined,
  narrow: Narrow,
  view: LiveView,
): readonly KindColumn[] | undefined {
  const { cluster } = useCluster();
  const { namespace, labelSelector, fieldSelector } = narrow;
  const client = useQueryClient();
  const wanted = resource !== undefined && !hasColumns(resourceId(resource));
  const key = useMemo(
    () => ['table', cluster, resource && resourceId(resource), namespace, labelSelector, fieldSelector],
    [cluster, resource, namespace, labelSelector, fieldSelector],
  );
  const { data } = useQuery({
    queryKey: key,
    enabled: wanted,
    queryFn: ({ signal }) => {
      if (!resource) throw new Error('no kind to print');
      const target = { ...resource, cluster, ...(namespace && { namespace }) };
      return fetchTable(target, { labelSelector, fieldSelector }, signal);
    },
  });
  useRefreshed(wanted, view, () => void client.invalidateQueries({ queryKey: key }));
  return useMemo(() => (wanted ? (data ? toColumns(data) : []) : undefined), [wanted, data]);
}
