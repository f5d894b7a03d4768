import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { forEachBounded, settleBounded } from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';

const PARALLEL = 8;

export interface SlicePlan {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
}

/** Carries out what is planned for slices, and waits until the local copy has it. */
export class SliceWriter {
  constructor(
    private readonly client: ResourceClient<EndpointSlice>,
    private readonly slices: SharedInformer<EndpointSlice>,
  ) {}

  /** What is new comes before what goes, so that nobody finds nothing in between. */
  async carryOut(ctx: Context, { create, update, remove }: SlicePlan): Promise<void> {
    await this.write(ctx, create, (slice) => this.client.create(ctx, slice));
    await this.write(ctx, update, (slice) => this.client.update(ctx, slice));
    await forEachBounded(remove, PARALLEL, (slice) => this.remove(ctx, slice));
  }

  private async write(
    ctx: Context,
    planned: readonly EndpointSlice[],
    send: (slice: EndpointSlice) => Promise<EndpointSlice>,
  ) {
    const results = await settleBounded(planned, PARALLEL, send);
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason;
      await this.slices.waitFor(ctx, result.value.metadata.resourceVersion ?? '0');
    }
  }

  private async remove(ctx: Context, slice: EndpointSlice): Promise<void> {
    const { name = '', namespace, uid } = slice.metadata;
    try {
      await this.client.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    await this.slices.waitForObject(ctx, keyOf(slice), (now) => now?.metadata.uid !== uid);
  }
}
