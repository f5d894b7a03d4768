/** Who has an address on the wire: one simulated Pod. */
export interface Inhabitant {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Its own, or the node's where it is of the node's network. */
  readonly ip: string;
  readonly hostNetwork: boolean;
  readonly node: string;
  /** The node's own address. */
  readonly hostIp: string;
  /** As its Pod had them when its sandbox was made. */
  readonly labels: Readonly<Record<string, string>>;
  /** Likewise. */
  readonly annotations: Readonly<Record<string, string>>;
}
