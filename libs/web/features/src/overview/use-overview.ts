'use client';

import { type LiveView, type UnstructuredObject, useLive, useNow } from '@binnacle/web-data';
import type { Tone, ToneCounts } from '@binnacle/web-ui';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { eventFields, newestFirst } from '../events/event-fields.js';
import { kindView } from '../kinds/kind-views.js';
import { useQueryOf } from '../list/related-table.js';
import { statusOf } from '../list/use-columns.js';

export interface Tally {
  readonly view: LiveView;
  readonly counts: ToneCounts;
  readonly total: number;
  /** How many are as they should be: healthy, or at rest on purpose. */
  readonly well: number;
}

function tally(id: string, view: LiveView): Tally {
  const counts: Partial<Record<Tone, number>> = {};
  for (const item of view.items) {
    const tone = statusOf(kindView(id), item)?.tone ?? 'ok';
    counts[tone] = (counts[tone] ?? 0) + 1;
  }
  return { view, counts, total: view.items.length, well: (counts.ok ?? 0) + (counts.idle ?? 0) };
}

/** The objects of a kind in the chosen namespace, and how they stand. */
export function useTally(id: string, namespaced = true): Tally {
  const ns = useSearchParams().get('ns') ?? '';
  const view = useLive(useQueryOf(id, namespaced && ns ? { namespace: ns } : {}));
  return useMemo(() => tally(id, view), [id, view]);
}

export interface Trouble {
  readonly id: string;
  readonly object: UnstructuredObject;
}

/** What is failing or warning, the worst first. */
export function troubles(tallies: Readonly<Record<string, Tally>>): Trouble[] {
  const rank = { error: 0, warn: 1 } as const;
  return Object.entries(tallies)
    .flatMap(([id, { view }]) =>
      view.items.map((object) => ({ id, object, tone: statusOf(kindView(id), object)?.tone })),
    )
    .flatMap(({ tone, ...trouble }) => (tone === 'error' || tone === 'warn' ? [{ ...trouble, tone }] : []))
    .sort((a, b) => rank[a.tone] - rank[b.tone]);
}

const BUCKETS = 60;
const BUCKET_MILLISECONDS = 60_000;

export interface Activity {
  readonly view: LiveView;
  readonly warnings: readonly UnstructuredObject[];
  /** One entry a minute, the last is now. */
  readonly buckets: readonly { readonly normal: number; readonly warning: number }[];
  readonly normalCount: number;
  readonly warningCount: number;
}

function readActivity(view: LiveView, minute: number): Activity {
  const buckets = Array.from({ length: BUCKETS }, () => ({ normal: 0, warning: 0 }));
  const warnings: UnstructuredObject[] = [];
  for (const event of view.items) {
    const { type, lastSeen } = eventFields(event);
    const at = BUCKETS - 1 - (minute - Math.floor(Date.parse(lastSeen) / BUCKET_MILLISECONDS));
    const bucket = buckets[Math.min(at, BUCKETS - 1)];
    if (!bucket) continue;
    bucket[type === 'Warning' ? 'warning' : 'normal'] += 1;
    if (type === 'Warning') warnings.push(event);
  }
  const sum = (name: 'normal' | 'warning') => buckets.reduce((total, bucket) => total + bucket[name], 0);
  return {
    view,
    buckets,
    warnings: warnings.sort(newestFirst),
    normalCount: sum('normal'),
    warningCount: sum('warning'),
  };
}

/** What has happened in the last hour. */
export function useActivity(): Activity {
  const ns = useSearchParams().get('ns') ?? '';
  const view = useLive(useQueryOf('events', ns ? { namespace: ns } : {}));
  const minute = Math.floor(useNow() / BUCKET_MILLISECONDS);
  return useMemo(() => readActivity(view, minute), [view, minute]);
}
