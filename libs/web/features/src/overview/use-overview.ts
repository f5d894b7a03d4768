'use client';

import {
  type Knowledge,
  type LiveView,
  type UnstructuredObject,
  useKnowledge,
  useLive,
  useNow,
} from '@binnacle/web-data';
import type { Tone, ToneCounts } from '@binnacle/web-ui';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { eventFields, newestFirst } from '../events/event-fields.js';
import type { Surroundings } from '../view/kind-view.js';
import { DEFAULT_STANDING } from '../view/standing.js';
import { statusOf } from '../view/status-of.js';
import { kindView } from '../kinds/kind-views.js';
import { useSurroundings } from '../kinds/use-surroundings.js';
import { useQueryOf } from '../objects/use-query-of.js';
import type { Trouble } from './attention.js';

export interface Tally {
  readonly view: LiveView;
  readonly knowledge: Knowledge;
  readonly counts: ToneCounts;
  /** Of those that can stand well or ill. */
  readonly total: number;
  readonly well: number;
  /** Told beside the count: the cordoned nodes, the Services that lead elsewhere. */
  readonly aside: number;
  readonly troubles: readonly Trouble[];
}

/** Counts how the objects of a kind stand. One whose status is not known yet is not counted at all. */
export function tally(id: string, items: readonly UnstructuredObject[], around: Surroundings) {
  const view = kindView(id);
  const standing = view.standing ?? DEFAULT_STANDING;
  const counts: Partial<Record<Tone, number>> = {};
  const known = items.flatMap((object) => {
    const status = statusOf(view, object, around);
    return status ? [{ id, object, status }] : [];
  });
  for (const { status } of known) counts[status.tone] = (counts[status.tone] ?? 0) + 1;
  const counted = known.filter(({ status }) => standing.isCounted(status));
  return {
    counts,
    total: counted.length,
    well: counted.filter(({ object, status }) => standing.isWell(object, status)).length,
    aside: known.filter(({ object, status }) => standing.isAside(object, status)).length,
    troubles: known.filter(({ status }) => standing.isTrouble(status)),
  };
}

/** The objects of a kind in the chosen namespace, and how they stand. */
export function useTally(id: string, namespaced = true): Tally {
  const ns = useSearchParams().get('ns') ?? '';
  const namespace = namespaced ? ns : '';
  const view = useLive(useQueryOf(id, namespace ? { namespace } : {}));
  const { around, views } = useSurroundings(kindView(id), namespace);
  const knowledge = useKnowledge(view, ...views);
  const figures = useMemo(() => tally(id, view.items, around), [id, view.items, around]);
  return { view, knowledge, ...figures };
}

const BUCKETS = 60;
const BUCKET_MILLISECONDS = 60_000;

export interface Activity {
  readonly knowledge: Knowledge;
  readonly warnings: readonly UnstructuredObject[];
  /** One entry a minute, the last is now. */
  readonly buckets: readonly { readonly normal: number; readonly warning: number }[];
  readonly normalCount: number;
  readonly warningCount: number;
}

function readActivity(items: readonly UnstructuredObject[], minute: number): Omit<Activity, 'knowledge'> {
  const buckets = Array.from({ length: BUCKETS }, () => ({ normal: 0, warning: 0 }));
  const warnings: UnstructuredObject[] = [];
  for (const event of items) {
    const { type, lastSeen } = eventFields(event);
    const at = BUCKETS - 1 - (minute - Math.floor(Date.parse(lastSeen) / BUCKET_MILLISECONDS));
    const bucket = buckets[Math.min(at, BUCKETS - 1)];
    if (!bucket) continue;
    bucket[type === 'Warning' ? 'warning' : 'normal'] += 1;
    if (type === 'Warning') warnings.push(event);
  }
  const sum = (name: 'normal' | 'warning') => buckets.reduce((total, bucket) => total + bucket[name], 0);
  return { buckets, warnings: warnings.sort(newestFirst), normalCount: sum('normal'), warningCount: sum('warning') };
}

/** What has happened in the last hour. */
export function useActivity(): Activity {
  const ns = useSearchParams().get('ns') ?? '';
  const view = useLive(useQueryOf('events', ns ? { namespace: ns } : {}));
  const knowledge = useKnowledge(view);
  const minute = Math.floor(useNow() / BUCKET_MILLISECONDS);
  const activity = useMemo(() => readActivity(view.items, minute), [view.items, minute]);
  return { knowledge, ...activity };
}
