import type { Readable, Writable } from 'node:stream';

/** What a protocol has agreed on with a client: the streams, and how it is closed. */
export interface CommandStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly error: Writable;
  readonly resize?: Readable;
  /** Before v4 how it ended is told as text, and success by nothing. */
  readonly statusAsText: boolean;
  /** Says goodbye; what was written before still arrives. */
  close(): void;
  destroy(): void;
  /** Resolves when the client has gone. */
  readonly ended: Promise<void>;
}
