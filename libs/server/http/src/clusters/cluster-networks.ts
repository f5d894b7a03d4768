import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { carriedAddress } from '@binnacle/machinery-wire';
import { type ClusterDirectory, networkAt, placeOfAddress, type ServiceRangeOf } from '@binnacle/server-registry';
import type { NetworkOf } from './cluster-object.js';

/** The cluster `main` has the addresses its programs are configured with. */
export const networkOf: NetworkOf = ({ name, place }) => (name === DEFAULT_CLUSTER ? undefined : networkAt(place));

/** Where the Services of each cluster get their addresses from. */
export function serviceRanges(directory: Pick<ClusterDirectory, 'find'>): ServiceRangeOf {
  return async (ctx, name) => {
    if (name === DEFAULT_CLUSTER) return undefined;
    const cluster = await directory.find(ctx, name);
    return cluster && networkOf(cluster)?.services;
  };
}

/** Whether a node of a cluster may be asked at an address. */
export type MayAsk = (ctx: Context, cluster: string, address: string) => Promise<boolean>;

/** Nothing leads from one cluster to another, whatever its Nodes say of themselves; those of `main` may be anywhere else. */
export function nodesAsked(directory: Pick<ClusterDirectory, 'all' | 'find'>): MayAsk {
  return async (ctx, name, address) => {
    const place = address.startsWith('127.') ? placeOfAddress(carriedAddress(address)) : undefined;
    if (name === DEFAULT_CLUSTER)
      return !directory.all.some((other) => other.name !== DEFAULT_CLUSTER && other.place === place);
    return place !== undefined && (await directory.find(ctx, name))?.place === place;
  };
}
