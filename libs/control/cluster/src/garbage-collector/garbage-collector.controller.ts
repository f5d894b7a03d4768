import { type Controller, createController, type Enqueue, type Source } from '@binnacle/client-controller';
import type { KubeClient } from '@binnacle/client-rest';
import { AbsentOwners } from './absent-owners.js';
import { GarbageCollectorReconciler } from './garbage-collector.reconciler.js';
import { nodeOf, OwnerGraph } from './graph.js';
import { ObjectWriter } from './object-writer.js';
import { WatchedResources } from './watched-resources.js';
import { wokenByChange, wokenByEnd } from './wakes.js';

const WORKERS = 20;

/** Deletes what nobody owns any more, and carries out foreground and orphaning deletions. */
export function garbageCollectorController(client: KubeClient): Controller {
  const graph = new OwnerGraph();
  let wake: Enqueue | undefined;
  const wakeAll = (uids: readonly string[]) => {
    for (const uid of uids) wake?.(uid);
  };
  const resources = new WatchedResources(client, {
    changed: (resource, object) => {
      const node = nodeOf(resource, object);
      wakeAll(wokenByChange(graph, node, graph.put(node)));
    },
    gone: ({ metadata }) => {
      const node = graph.remove(metadata.uid ?? '');
      if (node) wakeAll(wokenByEnd(graph, node));
    },
  });
  const source: Source = {
    start: (enqueue) => {
      wake = enqueue;
    },
    synced: () => resources.synced(),
  };
  const owners = new AbsentOwners(client, (apiVersion, kind) => resources.find(apiVersion, kind));
  const reconciler = new GarbageCollectorReconciler({
    graph,
    writer: new ObjectWriter(client),
    owners,
    wake: (uid) => wake?.(uid),
  });
  const loop = createController({ name: 'garbage-collector', reconciler, sources: [source], workers: WORKERS });
  return {
    name: loop.name,
    run: async (ctx, observe) => {
      // The loop first: it hands over `enqueue` before the first object is heard of.
      await Promise.all([loop.run(ctx, observe), resources.run(ctx)]);
    },
  };
}
