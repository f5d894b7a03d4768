/** Why a node cannot take a Pod. */
export interface Rejection {
  /** Upstream's sentences; counted over all nodes they make the message of FailedScheduling. */
  readonly reasons: readonly string[];
  /** No eviction of other Pods from this node would help. */
  readonly unresolvable: boolean;
  /** It is the Pod's own matter and the same for every node: it is told once, and not counted. */
  readonly ofPod?: boolean;
  /** What exactly it was, for those who look at one node. */
  readonly detail?: string;
}

/** A node's rejection, and whose it was: the first plugin, in their order, that would not have it. */
export interface NodeRejection extends Rejection {
  readonly plugin: string;
}

/** What no eviction mends, in one sentence. */
export const unresolvable = (reason: string): Rejection => ({ reasons: [reason], unresolvable: true });
