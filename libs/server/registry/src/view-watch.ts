import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { Watch, WatchItem } from '@binnacle/server-storage';
import { viewsOf } from './object-encoding.js';
import type { RequestContext } from './request-context.js';

/** All objects of a batch are converted at a time. */
async function viewBatch(
  ctx: RequestContext,
  definition: ResourceDefinition,
  batch: readonly WatchItem[],
): Promise<readonly WatchItem[]> {
  const objects = batch.flatMap((item) => (item.kind === 'change' ? [item.change.object] : []));
  const views = (await viewsOf(ctx, definition, objects)).values();
  return batch.map((item) => {
    if (item.kind !== 'change') return item;
    return { kind: 'change', change: { ...item.change, object: views.next().value ?? item.change.object } };
  });
}

/** A watch of a kind whose objects are kept in another form. */
export function viewWatch(ctx: RequestContext, definition: ResourceDefinition, watch: Watch): Watch {
  return {
    get reached() {
      return watch.reached;
    },
    close: () => watch.close(),
    conclude: () => watch.conclude(),
    async *[Symbol.asyncIterator]() {
      for await (const batch of watch) yield await viewBatch(ctx, definition, batch);
    },
  };
}
