import type { Status, UnstructuredObject } from '@binnacle/machinery-meta';

/** What a page wants to see and to keep seeing. */
export interface LiveQuery {
  readonly cluster: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface SubscribeMessage extends LiveQuery {
  readonly id: string;
  /** Go on after this revision; absent asks for a snapshot first. */
  readonly resourceVersion?: string;
}

export type SubscribeAnswer = { readonly ok: true } | { readonly error: Status };

export interface SnapshotMessage {
  readonly id: string;
  readonly resourceVersion: string;
  readonly items: readonly UnstructuredObject[];
  readonly first: boolean;
  readonly last: boolean;
}

export interface LiveChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: UnstructuredObject;
}

export interface ChangesMessage {
  readonly id: string;
  readonly resourceVersion: string;
  readonly changes: readonly LiveChange[];
}

/** Resuming is impossible: subscribe again without a resourceVersion. */
export interface RelistMessage {
  readonly id: string;
  readonly status: Status;
}

export interface BookmarkMessage {
  readonly id: string;
  readonly resourceVersion: string;
}

export interface ServerMessages {
  readonly snapshot: SnapshotMessage;
  readonly changes: ChangesMessage;
  readonly relist: RelistMessage;
  readonly bookmark: BookmarkMessage;
}

export type ServerEvent = keyof ServerMessages;

/** One string per query, so that equal queries share a subscription. */
export function queryKey(query: LiveQuery): string {
  const { cluster, group, version, resource, namespace = '', labelSelector = '', fieldSelector = '' } = query;
  return JSON.stringify([cluster, group, version, resource, namespace, labelSelector, fieldSelector]);
}
