/** What something uses: billionths of a core, and bytes. */
export interface Figures {
  readonly nanoCores: number;
  readonly bytes: number;
}

export interface MeasuredContainer extends Figures {
  readonly name: string;
}

export interface MeasuredPod extends Figures {
  readonly uid: string;
  /** RFC 3339, as the kubelet says it. */
  readonly time: string;
  readonly containers: readonly MeasuredContainer[];
}

/** What is kept of a kubelet's answer. */
export interface MeasuredNode extends Figures {
  readonly time: string;
  /** By `namespace/name`. */
  readonly pods: ReadonlyMap<string, MeasuredPod>;
  /** How many containers there are in all. */
  readonly size: number;
}
