const FIRST_PORT = 32_768;
const PORTS = 28_232;

/**
 * Ports that connections from one address come from, each after the other. The system would look long for one that nobody had of late,
 * and give it out once, however many places it leads to; one that is asked for by number may be had once for each of them, and again when
 * it was left.
 */
export class SourcePorts {
  constructor(private last = Math.floor(Math.random() * PORTS)) {}

  next(): number {
    this.last = (this.last + 1) % PORTS;
    return FIRST_PORT + this.last;
  }
}

const TAKEN = ['EADDRINUSE', 'EADDRNOTAVAIL'];

/** Whether a connection was not made because its port is in use; another may be free. */
export const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && TAKEN.includes(String(error.code));
