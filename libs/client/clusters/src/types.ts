import type { Pending } from '@binnacle/client-controller';
import type { ClusterObject, KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

/** A logical cluster as whoever works in it sees it: as if there were no other. */
export interface LogicalCluster {
  readonly name: string;
  /** Differs between two clusters that had the same name one after the other. */
  readonly uid: string;
  /** Its addresses, where they are not those the program is configured with. */
  readonly network: NonNullable<ClusterObject['spec']>;
  readonly client: KubeClient;
}

/** What a program is in one cluster. */
export interface Resident {
  /** Whether it is kept while the cluster rests, with whatever it holds; else another is made when the cluster wakes. */
  readonly stays?: boolean;
  /** Works until the context aborts. Called each time the cluster wakes, never twice at a time. */
  live(ctx: Context): Promise<void>;
  /** What it has to do, asked while it lives: it is left alive while it is busy, and called again when something is due. */
  pending(): Pending;
}

/** Makes a program's resident of a cluster that wakes. The context aborts when the resident is given up. */
export type Settle = (ctx: Context, cluster: LogicalCluster) => Resident;
