import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromSet } from '@binnacle/machinery-selectors';
import { TriggerTimes, withTriggerTime } from '../services/trigger-times.js';
import type { SlicePlan, SliceWriter } from '../slices/slice-writer.js';
import { planSlices } from './plan.js';
import type { TopologyEvents } from './topology-events.js';
import { zoneShares } from './zone-shares.js';

export const SLICES_OF_SERVICE = 'sliceService';

export interface EndpointSliceReconcilerOptions {
  readonly services: Lister<Service>;
  readonly pods: Lister<Pod>;
  readonly nodes: Lister<Node>;
  readonly slices: SharedInformer<EndpointSlice>;
  readonly writer: SliceWriter;
  readonly topology: TopologyEvents;
}

/** Behaves as kubernetes pkg/controller/endpointslice. */
export class EndpointSliceReconciler implements Reconciler {
  private readonly triggers = new TriggerTimes();

  constructor(private readonly options: EndpointSliceReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { services, pods, nodes, slices } = this.options;
    const service = services.get(key);
    // Slices of a deleted Service go with it by their owner reference; hand-made ones belong to those who made them.
    if (!service) this.forget(key);
    if (!service?.spec?.selector || service.metadata.deletionTimestamp) return done;
    const matcher = matcherFromSet(service.spec.selector);
    const chosen = pods.list(service.metadata.namespace).filter(({ metadata }) => matcher.matches(metadata.labels));
    const existing = slices.byIndex(SLICES_OF_SERVICE, key).filter(({ metadata }) => !metadata.deletionTimestamp);
    const shares = () => zoneShares(nodes.list());
    const plan = planSlices(service, chosen, existing, (name) => nodes.get(name), shares);
    await this.options.writer.carryOut(ctx, triggered(plan, this.triggers.of(service, chosen)));
    this.options.topology.tell(service, plan.topology);
    return done;
  }

  private forget(key: string): void {
    this.options.topology.forget(key);
    this.triggers.forget(key);
  }
}

/** Whatever is written says what led to it. */
function triggered({ create, update, remove }: SlicePlan, time: string | undefined): SlicePlan {
  const told = (slice: EndpointSlice) => withTriggerTime(slice, time);
  return { create: create.map(told), update: update.map(told), remove };
}
