/** Where what metrics count is told; durations are seconds. Behaves as the metrics of k8s.io/cloud-provider's controllers. */
export interface CloudInstruments {
  /** A load balancer was told its nodes, or could not be. */
  hostsUpdated(outcome: 'done' | 'error', seconds: number): void;
  /** A node lost the taint of one that waits for its cloud, so long after it was made. */
  taintRemoved(seconds: number): void;
  /** All is said of a node that waited, so long after it was made. */
  nodeInitialized(seconds: number): void;
  routesSynced(): void;
}

const nothing = (): void => undefined;

export const silentInstruments: CloudInstruments = {
  hostsUpdated: nothing,
  taintRemoved: nothing,
  nodeInitialized: nothing,
  routesSynced: nothing,
};
