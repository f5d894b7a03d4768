'use client';

import type { LiveQuery } from '@binnacle/machinery-live';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { ABSENT_VIEW, EMPTY_VIEW, type LiveView } from '../live/collection.js';
import { type Connection, Store } from '../live/connection.js';
import type { LiveClient, LiveHandle } from '../live/live-client.js';
import { combine, type Knowledge, knowledgeOf } from '../live/knowledge.js';
import { queryKey } from '../live/live-query.js';

const LiveContext = createContext<LiveClient | undefined>(undefined);

export function LiveProvider({ client, children }: { client: LiveClient; children: ReactNode }) {
  return <LiveContext value={client}>{children}</LiveContext>;
}

export function useLiveClient(): LiveClient {
  const client = useContext(LiveContext);
  if (!client) throw new Error('useLiveClient is used outside a LiveProvider');
  return client;
}

const NOTHING = new Store<LiveView>(EMPTY_VIEW);
const ABSENT = new Store<LiveView>(ABSENT_VIEW);

/** The current items of a query, renewed by themselves. Undefined asks for nothing, and is `absent`. */
export function useLive(query: LiveQuery | undefined): LiveView {
  const client = useLiveClient();
  const key = query ? queryKey(query) : '';
  const [handle, setHandle] = useState<{ key: string; handle: LiveHandle }>();
  useEffect(() => {
    if (!query) return setHandle(undefined);
    const opened = client.watch(query);
    setHandle({ key, handle: opened });
    return () => opened.release();
    // The key stands for the query's content.
  }, [client, key]);
  const store = !query ? ABSENT : handle?.key === key ? handle.handle.view : NOTHING;
  return useSyncExternalStore(store.subscribe, store.get, NOTHING.get);
}

export function useConnection(): Connection {
  const { connection } = useLiveClient();
  return useSyncExternalStore(connection.subscribe, connection.get, connection.get);
}

/** How far what is said of these views together can be relied on. */
export function useKnowledge(...views: readonly LiveView[]): Knowledge {
  const connection = useConnection();
  return combine(views.map((view) => knowledgeOf(view, connection)));
}
