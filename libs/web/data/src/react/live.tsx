'use client';

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { EMPTY_VIEW, type LiveView } from '../live/collection.js';
import { type Connection, Store } from '../live/connection.js';
import type { LiveClient, LiveHandle } from '../live/live-client.js';
import { type LiveQuery, queryKey } from '../live/protocol.js';

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

/** The current items of a query, renewed by themselves. Undefined asks for nothing (and stays loading). */
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
  const store = handle && handle.key === key ? handle.handle.view : NOTHING;
  return useSyncExternalStore(store.subscribe, store.get, NOTHING.get);
}

export function useConnection(): Connection {
  const { connection } = useLiveClient();
  return useSyncExternalStore(connection.subscribe, connection.get, connection.get);
}
