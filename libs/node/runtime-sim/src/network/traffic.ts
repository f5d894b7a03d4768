import type { Transport } from '@binnacle/process-lifecycle';
import type { Inhabitant } from './inhabitant.js';

/** What somebody dials, in the cluster's addresses. */
export interface Target {
  readonly ip: string;
  readonly port: number;
  readonly transport: Transport;
}

/** Who dials. */
export interface Caller {
  /** On this machine. */
  readonly host: string;
  /** What that stands for in the cluster, where it is none of a node. */
  readonly ip: string;
  /** The Pod that has it, where that is a simulated one of this cluster. */
  readonly inhabitant?: Inhabitant;
}

/** What arrives at a Pod: the port is the container's own, whatever port it came by. */
export interface Arrival {
  readonly port: number;
  readonly transport: Transport;
}

/** Decides what goes through on the wire. What it forbids is dropped: nobody is told. */
export interface TrafficRules {
  /** Whether a Pod may begin to speak to a target, as far as one knows before it is known where that leads to. */
  mayDial(from: Inhabitant, to: Target): boolean;
  /** Whether what has arrived at a Pod may come in, by what either of them says. */
  mayAccept(from: Caller, to: Inhabitant, arrival: Arrival): boolean;
  /** Tells of each change after which an answer may be another. Answers how to hear no more of them. */
  onChange(listener: () => void): () => void;
}

/** A network without policies. */
export const everything: TrafficRules = {
  mayDial: () => true,
  mayAccept: () => true,
  onChange: () => () => undefined,
};
