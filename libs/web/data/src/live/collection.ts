import type { ChangesMessage, SnapshotMessage } from '@binnacle/machinery-live';
import type { Status, UnstructuredObject } from '@binnacle/machinery-meta';

/**
 * `loading`: nothing has been seen yet. `live`: current. `stale`: what was last seen, while the way to the server is being
 * found again. `denied` and `failed`: the server refused; `error` says why. `absent`: nothing was asked for, as where the server
 * does not serve a kind.
 */
export type LivePhase = 'loading' | 'live' | 'stale' | 'denied' | 'failed' | 'absent';

export interface LiveView {
  readonly items: readonly UnstructuredObject[];
  readonly phase: LivePhase;
  readonly error?: Status;
  readonly resourceVersion: string;
  /** `live`: when these items came. `stale`: until when they were known to be current. Milliseconds since the epoch. */
  readonly asOf: number;
}

export const EMPTY_VIEW: LiveView = { items: [], phase: 'loading', resourceVersion: '', asOf: 0 };
export const ABSENT_VIEW: LiveView = { ...EMPTY_VIEW, phase: 'absent' };

function uidOf(object: UnstructuredObject): string {
  return object.metadata.uid ?? `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** Keeps the items of one query from snapshots and changes. Knows nothing of sockets or React. */
export class LiveCollection {
  private items = new Map<string, UnstructuredObject>();
  private incoming: Map<string, UnstructuredObject> | undefined;
  private phase: LivePhase = 'loading';
  private error: Status | undefined;
  private revision = '';
  /** True once a whole list has been seen. */
  private complete = false;
  private asOf = 0;
  private cached: LiveView | undefined = EMPTY_VIEW;

  /** The revision to resume from; empty until a snapshot is complete. */
  get resourceVersion(): string {
    return this.revision;
  }

  /** Shows the new list only when all of it is here, so that the old one never shrinks to the first chunk. */
  applySnapshot(message: SnapshotMessage, now: number): void {
    if (message.first || !this.incoming) this.incoming = new Map();
    for (const item of message.items) this.incoming.set(uidOf(item), item);
    if (!message.last) return;
    this.items = this.incoming;
    this.incoming = undefined;
    this.reached(message.resourceVersion ?? '', now);
  }

  applyChanges(message: ChangesMessage, now: number): void {
    for (const { type, object } of message.changes) {
      if (type === 'DELETED') this.items.delete(uidOf(object));
      else this.items.set(uidOf(object), object);
    }
    this.reached(message.resourceVersion, now);
  }

  /** Everything up to `resourceVersion` is here, even if nothing changed. */
  reached(resourceVersion: string, now: number): void {
    this.revision = resourceVersion;
    this.phase = 'live';
    this.complete = true;
    this.error = undefined;
    this.asOf = now;
    this.cached = undefined;
  }

  /** `asOf`: until when what came was all there was. */
  interrupted(asOf: number): void {
    this.incoming = undefined;
    if (this.phase !== 'live') return;
    this.phase = 'stale';
    this.asOf = asOf;
    this.cached = undefined;
  }

  /** The revision is too old to resume from; the items stay until the new snapshot is complete. */
  forgetRevision(asOf: number): void {
    this.revision = '';
    this.interrupted(asOf);
  }

  /** Who may no longer look is shown nothing more; a fault of the server takes nothing away that was seen. */
  refused(error: Status, asOf: number): void {
    if (error.code !== 403 && this.complete) return this.interrupted(asOf);
    this.complete = false;
    this.items = new Map();
    this.revision = '';
    this.phase = error.code === 403 ? 'denied' : 'failed';
    this.error = error;
    this.cached = undefined;
  }

  view(): LiveView {
    this.cached ??= {
      items: [...this.items.values()],
      phase: this.phase,
      resourceVersion: this.revision,
      asOf: this.asOf,
      ...(this.error && { error: this.error }),
    };
    return this.cached;
  }
}
