import type { Status, UnstructuredObject } from '@binnacle/machinery-meta';

export * from './impersonation.js';

/**
 * The live protocol: what the API server and its readers say to each other over one socket. docs/dashboard.md tells it in
 * words; `libs/server/live` serves it, `libs/web/data` reads it.
 */
export interface LiveQuery {
  readonly cluster: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Of data (a Secret's, a ConfigMap's) only the keys are sent, each with null. */
  readonly keysOnly?: boolean;
  /** Of objects only `apiVersion`, `kind` and `metadata` are sent: enough to hear that they change. */
  readonly metadataOnly?: boolean;
}

export interface SubscribeMessage extends LiveQuery {
  /** Chosen by the reader; every message about this subscription carries it. */
  readonly id: string;
  /** Go on after this revision; absent asks for a snapshot first. */
  readonly resourceVersion?: string;
}

/** Asks to be told once when what the reader may do in a cluster may have changed; `unsubscribe` takes it back. */
export interface FollowRightsMessage {
  /** Chosen by the reader, and no subscription's. */
  readonly id: string;
  readonly cluster: string;
}

export type SubscribeAnswer = { readonly ok: true } | { readonly error: Status };

export interface SnapshotMessage {
  readonly id: string;
  /** Only with the last part of a list. */
  readonly resourceVersion?: string;
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

/** What the reader may do may have changed. Nothing more is told under this id. */
export interface RightsMessage {
  readonly id: string;
}

/** What the server sends, by the name of the event. */
export interface ServerMessages {
  readonly snapshot: SnapshotMessage;
  readonly changes: ChangesMessage;
  readonly relist: RelistMessage;
  readonly bookmark: BookmarkMessage;
  readonly rights: RightsMessage;
}

export type ServerEvent = keyof ServerMessages;

/** Every event of the server's. */
export const SERVER_EVENTS = [
  'snapshot',
  'changes',
  'relist',
  'bookmark',
  'rights',
] as const satisfies readonly ServerEvent[];
