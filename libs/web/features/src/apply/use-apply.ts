'use client';

import { fetchResources, type ResourceIndex, useCluster } from '@binnacle/web-data';
import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState, useSyncExternalStore } from 'react';
import { applyDraft } from './apply-draft.js';
import { type Attempt, attempt, comingOf } from './attempt.js';
import { type Entry, readEntries } from './entries.js';

/** What came of a text. */
export interface Results {
  /** Tried by the server without keeping it. */
  readonly dryRun: boolean;
  readonly attempts: readonly Attempt[];
  /** Not reached yet. */
  readonly left: number;
}

interface Apply {
  readonly text: string;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  readonly results: Results | undefined;
  readonly busy: boolean;
  /** The objects that may take over what others own, by key. */
  readonly forced: ReadonlySet<string>;
  write(text: string): void;
  force(key: string, on: boolean): void;
  tryOut(): Promise<void>;
  apply(): Promise<void>;
}

const KIND_TRIES = 20;
const KIND_MILLISECONDS = 500;

/** A kind that a definition of the same text has just made is served a moment later. */
async function withKind(cluster: string, resources: ResourceIndex, { object }: Entry): Promise<ResourceIndex> {
  let found = resources;
  for (let tries = 0; tries < KIND_TRIES && !found.byKind(object.apiVersion, object.kind); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, KIND_MILLISECONDS));
    found = await fetchResources(cluster);
  }
  return found;
}

/** Runs a text through the server, one object after the other as it is written, and tells each as it comes. */
function useRun(forced: ReadonlySet<string>, namespace: string, tell: (results: Results) => void) {
  const { cluster, resources } = useCluster();
  const queries = useQueryClient();
  return async (entries: readonly Entry[], dryRun: boolean) => {
    const coming = comingOf(entries);
    const attempts: Attempt[] = [];
    let known = resources;
    for (const entry of entries) {
      tell({ dryRun, attempts: [...attempts], left: entries.length - attempts.length });
      const isComing = !dryRun && coming.kinds.has(`${entry.object.apiVersion.split('/')[0]}/${entry.object.kind}`);
      if (isComing) known = await withKind(cluster, known, entry);
      const force = forced.has(entry.key);
      attempts.push(await attempt(entry, { cluster, resources: known, namespace, dryRun, force, coming }));
    }
    tell({ dryRun, attempts, left: 0 });
    if (!dryRun && coming.kinds.size > 0) void queries.invalidateQueries({ queryKey: ['discovery', cluster] });
  };
}

/** A text, what the server says of it, and what came of it. */
export function useApply(): Apply {
  const text = useSyncExternalStore(applyDraft.subscribe, applyDraft.get, () => '');
  const namespace = useSearchParams().get('ns') || 'default';
  const [results, setResults] = useState<Results>();
  const [forced, setForced] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const run = useRun(forced, namespace, setResults);
  const go = async (dryRun: boolean) => {
    const { entries, misread } = readEntries(text);
    if (misread.length > 0 || entries.length === 0) return;
    setBusy(true);
    try {
      await run(entries, dryRun);
    } finally {
      setBusy(false);
    }
  };
  return {
    text,
    namespace,
    results,
    busy,
    forced,
    write: (next) => {
      if (next === applyDraft.get()) return;
      applyDraft.set(next);
      // What was said of another text says nothing of this one.
      setResults(undefined);
      setForced(new Set());
    },
    force: (key, on) => setForced(new Set(on ? [...forced, key] : [...forced].filter((each) => each !== key))),
    tryOut: () => go(true),
    apply: () => go(false),
  };
}
