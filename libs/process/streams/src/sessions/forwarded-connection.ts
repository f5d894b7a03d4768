import type { Duplex, Writable } from 'node:stream';

/** A connection that a client wants to a port of a Pod. */
export interface ForwardedConnection {
  readonly port: number;
  readonly data: Duplex;
  /** Takes the text of what went wrong; ended without one, nothing did. */
  readonly error: Writable;
}

export type OnForward = (connection: ForwardedConnection) => void;

/** A port-forward, by whatever protocol; it lasts until the client or whoever serves it hangs up. */
export interface PortForwardSession {
  /** Resolves when the client has gone. */
  readonly ended: Promise<void>;
  close(): void;
}
