'use client';

import {
  type LiveQuery,
  type LiveView,
  objectKey,
  type Resource as Kind,
  resourceId,
  type UnstructuredObject,
  useLive,
} from '@binnacle/web-data';
import { useMemo } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { type Usage, usageOf } from './amounts.js';
import { type MeasuredKind, measuredKind, usageKey } from './measured-kinds.js';

/** In lists: a quarter of an hour in as many points as a small line shows. */
const LIST_WINDOW = 'window=15m,step=60s';
/** On the page of one object: the hour, as fine as it is measured. */
const PAGE_WINDOW = 'window=1h,step=15s';

/** What the objects of a list use. */
export interface ListedUsage {
  readonly kind: MeasuredKind;
  readonly of: (object: UnstructuredObject) => Usage | undefined;
}

const NOWHERE: MeasuredKind = { resource: '', nameOf: () => '', boundsOf: () => ({}) };

/** A view's items, which stay the same while the view does. */
function useFound({ items }: LiveView): ReadonlyMap<string, Usage> {
  return useMemo(() => new Map(items.map((item) => [objectKey(item), usageOf(item)])), [items]);
}

type Narrow = Pick<LiveQuery, 'namespace' | 'labelSelector' | 'fieldSelector'>;

/** Undefined where nothing of the kind is measured, or nothing is known of it. What is said has the labels of what it is said of. */
export function useListedUsage(resource: Kind | undefined, narrow: Narrow): ListedUsage | undefined {
  const kind = resource && measuredKind(resourceId(resource));
  const { resource: of, fieldSelector: own } = kind ?? NOWHERE;
  const { namespace, labelSelector, fieldSelector: given } = narrow;
  const fieldSelector = [own, given, LIST_WINDOW].filter(Boolean).join();
  const place = { ...(namespace && resource?.namespaced && { namespace }), ...(labelSelector && { labelSelector }) };
  const found = useFound(useLive(useQueryOf(of, { ...place, fieldSelector })));
  return useMemo(() => {
    if (!kind || found.size === 0) return undefined;
    return { kind, of: (object) => found.get(usageKey(kind, object)) };
  }, [kind, found]);
}

export interface UsageView {
  readonly view: LiveView;
  /** Undefined where nothing was measured. */
  readonly usage: Usage | undefined;
}

/** What one object has used, found by its name in a kind of usage. */
export function useUsageOf(
  resource: string,
  place: { readonly namespace?: string | undefined; readonly name: string },
): UsageView {
  const { namespace, name } = place;
  const fieldSelector = `metadata.name=${name},${PAGE_WINDOW}`;
  const view = useLive(useQueryOf(resource, { ...(namespace && { namespace }), fieldSelector }));
  const usage = useMemo(() => view.items.map(usageOf)[0], [view.items]);
  return { view, usage };
}
