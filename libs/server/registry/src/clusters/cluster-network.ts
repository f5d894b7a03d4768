import { CLUSTER_PREFIX as PREFIX, FIRST_OF_MAIN, MACHINE_NETWORKS } from '@binnacle/machinery-wire';

/** The addresses of one logical cluster. No two clusters share any. */
export interface ClusterNetwork {
  /** Of Pods, a /24 for each node. */
  readonly pods: string;
  /** Of Services. */
  readonly services: string;
  /** Of simulated nodes. */
  readonly nodes: string;
  /** Of load balancers. */
  readonly loadBalancers: string;
}

/** Each cluster has a /20 of its own: eight nodes' Pods, a thousand Services, and a /24 for the nodes themselves and one for load balancers. */
const SIZE = 2 ** (32 - PREFIX);
const PODS_AT = SIZE / 2;
const PODS_PREFIX = PREFIX + 1;
const SERVICES_PREFIX = PREFIX + 2;
const NODES_AT = SIZE / 4;
const NODES_PREFIX = 24;
const LOAD_BALANCERS_AT = NODES_AT + 2 ** (32 - NODES_PREFIX);
const LOAD_BALANCERS_PREFIX = 24;

/** The first /16 is left out: on the loopback wire it is where everything else of the machine listens. */
const SKIPPED = (MACHINE_NETWORKS * 2 ** 16) / SIZE;
/** Up to 10.95.255.255, before the ranges of the cluster `main`. */
const LAST = (FIRST_OF_MAIN * 2 ** 16) / SIZE;

/** How many places there are addresses for. `main` holds one of them and does not use it: one cluster fewer besides. */
export const MOST_NETWORKS = LAST - SKIPPED;

/** `offset` counts from 10.0.0.0. */
const rangeAt = (offset: number, prefix: number): string =>
  `10.${offset >> 16}.${(offset >> 8) & 255}.${offset & 255}/${prefix}`;

/** The network of the cluster at a place; undefined where there are no addresses left. */
export function networkAt(place: number): ClusterNetwork | undefined {
  if (place < 0 || place >= MOST_NETWORKS) return undefined;
  const offset = (place + SKIPPED) * SIZE;
  return {
    pods: rangeAt(offset + PODS_AT, PODS_PREFIX),
    services: rangeAt(offset, SERVICES_PREFIX),
    nodes: rangeAt(offset + NODES_AT, NODES_PREFIX),
    loadBalancers: rangeAt(offset + LOAD_BALANCERS_AT, LOAD_BALANCERS_PREFIX),
  };
}

const BYTES = /^10\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The place whose network an address lies in; undefined for one of no cluster's but `main`'s. */
export function placeOfAddress(address: string): number | undefined {
  const [, ...bytes] = BYTES.exec(address) ?? [];
  if (bytes.length === 0) return undefined;
  const offset = bytes.reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const place = Math.floor(offset / SIZE) - SKIPPED;
  return place >= 0 && place < MOST_NETWORKS ? place : undefined;
}
