import type { SourcePorts } from '@binnacle/machinery-wire';
import type { Clock } from '@binnacle/machinery-context';
import type { ConnectionRoom } from '@binnacle/process-connections';
import type { ExactListeners } from '@binnacle/process-lifecycle';

/** A socket the proxy holds open. */
export interface PortListener {
  /** Takes no new clients. Connections that stand go on, as they do under kube-proxy. */
  close(): void;
  /** Ends the connections too. */
  shutdown(): void;
  /** Calls back when the port is closed and its last connection is over. */
  onDrained(callback: () => void): void;
}

/** What all ports of a data plane share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly sockets: Pick<ExactListeners, 'has'>;
  readonly sourcePorts: SourcePorts;
  /** Of the whole process. */
  readonly room: Pick<ConnectionRoom, 'enter'>;
  /** Whether what was planned is carried out in time. */
  readonly isHealthy: () => boolean;
}
