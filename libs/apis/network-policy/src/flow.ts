import type { CompiledPolicy } from './compiled-policy.js';
import type { PolicyPod } from './policy-pod.js';

export type Direction = 'ingress' | 'egress';
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Traffic of the machine that carries the cluster: of whichever node is asked about. */
export const EVERY_NODE = '*';

/** Who is at one end of a connection. */
export interface FlowEnd {
  /** Empty where it is not known: no range holds it. */
  readonly ip: string;
  readonly pod?: PolicyPod | undefined;
  /** The node whose own address it is, or EVERY_NODE. */
  readonly node?: string | undefined;
}

/** A connection that somebody wants, after a Service's address has become that of one of its endpoints. */
export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly port: number;
  readonly protocol: Protocol;
}

/**
 * Why a side lets a connection through or not.
 * - `outside`: it is no Pod, and policies are about Pods.
 * - `hostNetwork`: it has no network of its own.
 * - `itself`: a Pod always reaches itself.
 * - `ownNode`: a Pod and the node it runs on always reach each other.
 * - `notIsolated`: no policy selects it in this direction.
 * - `rule`: a rule of a policy allows it.
 * - `noRule`: policies select it, and none of their rules allows it.
 */
export type Because = 'outside' | 'hostNetwork' | 'itself' | 'ownNode' | 'notIsolated' | 'rule' | 'noRule';

/** What one end says to a connection: the one that dials as egress, the one that accepts as ingress. */
export interface SideAnswer {
  readonly allowed: boolean;
  readonly because: Because;
  /** Those that select the Pod in this direction, by name. */
  readonly policies: readonly CompiledPolicy[];
  /** The first rule that allows it, counted from 0 in its policy. */
  readonly rule?: { readonly policy: CompiledPolicy; readonly index: number };
}

/** Both ends must allow a connection. */
export interface FlowAnswer {
  readonly allowed: boolean;
  readonly egress: SideAnswer;
  readonly ingress: SideAnswer;
}
