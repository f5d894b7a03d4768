import type { KubeObject, Quantity } from '@binnacle/machinery-meta';

/** What something uses: `cpu` in nanocores, `memory` in kibibytes. */
export type Usage = Readonly<Record<'cpu' | 'memory', Quantity>>;

interface Measured extends KubeObject {
  /** When it was measured, RFC 3339. */
  timestamp: string;
  /** Over what time, as a Go duration. */
  window: string;
}

/** What a Node uses now. */
export interface NodeMetrics extends Measured {
  usage: Usage;
}

export interface ContainerMetrics {
  name: string;
  usage?: Usage;
}

/** What the containers of a Pod use now. */
export interface PodMetrics extends Measured {
  containers: ContainerMetrics[];
}
