import type { ServerEvent } from '@binnacle/machinery-live';
import type { RawJson } from './raw-json.js';

/** A reader's socket, reduced to what subscriptions use of it. */
export interface LiveConnection {
  send(event: ServerEvent, message: RawJson): void;
  /** Bytes that wait to be taken by the reader. */
  backlog(): number;
  /** Hangs up; the reader may come back and resume. */
  drop(): void;
}
