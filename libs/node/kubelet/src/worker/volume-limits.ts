import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { toBytes } from '@binnacle/machinery-quantity';
import type { Rejection } from '../pod/rejection.js';
import { isStatic, type PodSource } from '../pod/source.js';
import type { NodeServices } from './services.js';

/** As upstream's eviction manager looks. */
const PERIOD_MILLISECONDS = 10_000;
const SYSTEM_CRITICAL = 2_000_000_000;

interface LimitedVolume {
  readonly name: string;
  readonly limit: string | number;
}

function limitedVolumes({ spec }: Pod): LimitedVolume[] {
  return (spec?.volumes ?? []).flatMap(({ name, emptyDir }) => {
    const limit = emptyDir?.sizeLimit;
    return limit !== undefined && toBytes(limit) > 0 ? [{ name, limit }] : [];
  });
}

const isCritical = ({ spec }: Pod, source: PodSource): boolean =>
  isStatic(source) || (spec?.priority ?? 0) >= SYSTEM_CRITICAL;

/** Looks whether a running Pod's emptyDir volumes hold more than they may. Behaves as kubernetes pkg/kubelet/eviction. */
export class VolumeLimits {
  private next: number | undefined;

  constructor(private readonly node: NodeServices) {}

  /** When to look again; undefined for a Pod without limits. */
  get due(): number | undefined {
    return this.next;
  }

  /** Why a Pod has to go; undefined for one that may stay, or that is not to be looked at now. */
  async exceeded(pod: Pod, source: PodSource): Promise<Rejection | undefined> {
    const volumes = isCritical(pod, source) ? [] : limitedVolumes(pod);
    const now = this.node.ctx.clock.now();
    if (volumes.length === 0 || (this.next !== undefined && now < this.next)) return undefined;
    const isFirst = this.next === undefined;
    this.next = now + PERIOD_MILLISECONDS;
    if (isFirst) return undefined;
    for (const { name, limit } of volumes) {
      const bytes = toBytes(limit);
      if ((await this.node.volumes.used(pod, name, bytes)) > bytes) return eviction(name, limit);
    }
    return undefined;
  }
}

function eviction(name: string, limit: string | number): Rejection {
  return { reason: 'Evicted', message: `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". ` };
}
