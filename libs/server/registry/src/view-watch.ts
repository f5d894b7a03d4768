import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { Change, Watch, WatchItem } from '@binnacle/server-storage';
import { viewOf } from './object-encoding.js';

function viewChange(definition: ResourceDefinition, change: Change): Change {
  return { ...change, object: viewOf(definition, change.object) };
}

/** A watch of a kind that is a view of another kind's store. */
export function viewWatch(definition: ResourceDefinition, watch: Watch): Watch {
  const view = (item: WatchItem): WatchItem =>
    item.kind === 'change' ? { kind: 'change', change: viewChange(definition, item.change) } : item;
  return {
    close: () => watch.close(),
    async *[Symbol.asyncIterator]() {
      for await (const batch of watch) yield batch.map(view);
    },
  };
}
