import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import { readiness } from './node-taints.js';

const UNHEALTHY_SHARE = 0.55;
const LARGE_ZONE = 50;
const EVERY_MILLISECONDS = 10_000;
const SELDOM_MILLISECONDS = 100_000;

export function zoneOf({ metadata }: Node): string {
  return `${metadata.labels?.[LABEL_TOPOLOGY_REGION] ?? ''}/${metadata.labels?.[LABEL_TOPOLOGY_ZONE] ?? ''}`;
}

export type ZoneState = 'normal' | 'partial' | 'full';

export function zoneState(nodes: readonly Node[]): ZoneState {
  const unready = nodes.filter((node) => readiness(node) !== 'True').length;
  if (nodes.length > 0 && unready === nodes.length) return 'full';
  return unready > 2 && unready / nodes.length >= UNHEALTHY_SHARE ? 'partial' : 'normal';
}

function byZone(all: readonly Node[]): Map<string, Node[]> {
  const zones = new Map<string, Node[]>();
  for (const node of all) zones.set(zoneOf(node), [...(zones.get(zoneOf(node)) ?? []), node]);
  return zones;
}

/**
 * Milliseconds between two nodes of the zone that lose their Pods; undefined stops it. When every zone is down the fault
 * is more likely ours than everybody's. Behaves as kubernetes pkg/controller/nodelifecycle zone rates.
 */
export function evictionInterval(all: readonly Node[], zone: string): number | undefined {
  const zones = byZone(all);
  if ([...zones.values()].every((nodes) => zoneState(nodes) === 'full')) return undefined;
  const nodes = zones.get(zone) ?? [];
  if (zoneState(nodes) !== 'partial') return EVERY_MILLISECONDS;
  return nodes.length > LARGE_ZONE ? SELDOM_MILLISECONDS : undefined;
}

/** One node of a zone may be driven empty per interval. */
export class EvictionRates {
  private readonly nextAt = new Map<string, number>();

  /** Undefined when it may go now, and then its turn is used; else when to ask again. */
  take(zone: string, interval: number, now: number): number | undefined {
    const next = this.nextAt.get(zone) ?? 0;
    if (next > now) return next;
    this.nextAt.set(zone, now + interval);
    return undefined;
  }
}
