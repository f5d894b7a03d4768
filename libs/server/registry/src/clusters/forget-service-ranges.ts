import { ignoreNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';

/**
 * Removes the ranges that Services of the source get addresses of: those of the fork are other ones. What Services hold already they
 * keep.
 */
export async function forgetServiceRanges(ctx: RequestContext, registry: Registry): Promise<void> {
  const ranges = registry.get('networking.k8s.io', 'v1', 'servicecidrs');
  const { items } = await ranges.list(ctx, {}, { revision: { at: 'latest' } });
  for (const { key } of items) {
    const place = { namespace: '', name: key.name };
    // Addresses of the source would keep it for ever.
    const free = (current: UnstructuredObject) => {
      const { finalizers: _, ...metadata } = current.metadata;
      return { ...current, metadata };
    };
    await ranges.update(ctx, place, free);
    await ignoreNotFound(ranges.delete(ctx, place));
  }
}
