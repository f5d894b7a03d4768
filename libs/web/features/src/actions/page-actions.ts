'use client';

import { Store } from '@binnacle/web-data';
import type { Refusal } from '../rights/use-missing.js';
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';

export interface PageAction {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  run(): void;
  /** Why it may not be done. */
  readonly refusal?: Refusal | undefined;
}

interface PageActions {
  /** What they are done to. */
  readonly subject: string;
  readonly actions: readonly PageAction[];
}

const NONE: PageActions = { subject: '', actions: [] };
const offered = new Store(NONE);

/** What the page that is open can do, for the command palette. */
export function usePageActions(): PageActions {
  return useSyncExternalStore(offered.subscribe, offered.get, () => NONE);
}

/** Offers the page's actions to the command palette while the page is open. */
export function useOfferActions(page: PageActions): void {
  const latest = useRef(page);
  useEffect(() => {
    latest.current = page;
  });
  const key = [page.subject, ...page.actions.map(({ id, refusal }) => `${id} ${refusal?.disabledReason}`)].join('\n');
  useEffect(() => {
    const { subject, actions } = latest.current;
    const run = (id: string) => {
      const action = latest.current.actions.find((each) => each.id === id);
      if (action?.refusal) action.refusal.onRefused();
      else action?.run();
    };
    offered.set({ subject, actions: actions.map((action) => ({ ...action, run: () => run(action.id) })) });
    return () => offered.set(NONE);
    // The key stands for what is offered; how it is done is looked up when it is.
  }, [key]);
}
