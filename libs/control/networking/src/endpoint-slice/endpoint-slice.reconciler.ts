import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { done, forEachBounded, type Outcome, type Reconciler, settleBounded } from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { matcherFromSet } from '@binnacle/machinery-selectors';
import { planSlices } from './plan.js';

export const SLICES_OF_SERVICE = 'sliceService';
const PARALLEL = 8;

export interface EndpointSliceReconcilerOptions {
  readonly services: Lister<Service>;
  readonly pods: Lister<Pod>;
  readonly nodes: Lister<Node>;
  readonly slices: SharedInformer<EndpointSlice>;
  readonly client: ResourceClient<EndpointSlice>;
}

/** Behaves as kubernetes pkg/controller/endpointslice. */
export class EndpointSliceReconciler implements Reconciler {
  constructor(private readonly options: EndpointSliceReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { services, pods, nodes, slices } = this.options;
    const service = services.get(key);
    // Slices of a deleted Service go with it by their owner reference; hand-made ones belong to those who made them.
    if (!service?.spec?.selector || service.metadata.deletionTimestamp) return done;
    const matcher = matcherFromSet(service.spec.selector);
    const chosen = pods.list(service.metadata.namespace).filter(({ metadata }) => matcher.matches(metadata.labels));
    const existing = slices.byIndex(SLICES_OF_SERVICE, key).filter(({ metadata }) => !metadata.deletionTimestamp);
    const plan = planSlices(service, chosen, existing, (name) => nodes.get(name));
    await this.write(ctx, plan.create, (slice) => this.options.client.create(ctx, slice));
    await this.write(ctx, plan.update, (slice) => this.options.client.update(ctx, slice));
    await forEachBounded(plan.remove, PARALLEL, (slice) => this.remove(ctx, slice));
    return done;
  }

  private async write(
    ctx: Context,
    planned: readonly EndpointSlice[],
    send: (slice: EndpointSlice) => Promise<EndpointSlice>,
  ) {
    const results = await settleBounded(planned, PARALLEL, send);
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
      await this.options.slices.waitFor(ctx, result.value.metadata.resourceVersion ?? '0');
    }
  }

  private async remove(ctx: Context, slice: EndpointSlice): Promise<void> {
    const { name = '', namespace, uid } = slice.metadata;
    try {
      await this.options.client.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    await this.options.slices.waitForObject(ctx, keyOf(slice), (now) => now?.metadata.uid !== uid);
  }
}
