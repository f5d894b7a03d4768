import {
  type Controller,
  createController,
  createEventRecorder,
  type Enqueue,
  type Source,
} from '@binnacle/client-controller';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { AbsentOwners } from './absent-owners.js';
import { GarbageCollectorReconciler } from './garbage-collector.reconciler.js';
import { nodeOf, OwnerGraph } from './graph.js';
import { reportStrays } from './stray-references.js';
import { ObjectWriter } from './object-writer.js';
import { WatchedResources } from './watched-resources.js';
import { wokenByChange, wokenByEnd } from './wakes.js';

const WORKERS = 20;

/** Deletes what nobody owns any more, and carries out foreground and orphaning deletions. */
export function garbageCollectorController(ctx: Context, client: KubeClient): Controller {
  const recorder = createEventRecorder(ctx, client, { component: 'garbage-collector-controller' });
  const graph = new OwnerGraph();
  let wake: Enqueue | undefined;
  const wakeAll = (uids: readonly string[]) => {
    for (const uid of uids) wake?.(uid);
  };
  const resources = new WatchedResources(client, {
    changed: (resource, object) => {
      const node = nodeOf(resource, object);
      const old = graph.put(node);
      reportStrays(recorder, graph, node, old);
      wakeAll(wokenByChange(graph, node, old));
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
    run: (running) => resources.run(running),
  };
  const owners = new AbsentOwners(client, (apiVersion, kind) => resources.find(apiVersion, kind));
  const reconciler = new GarbageCollectorReconciler({
    graph,
    writer: new ObjectWriter(client),
    owners,
    wake: (uid) => wake?.(uid),
  });
  return createController({ name: 'garbage-collector', reconciler, sources: [source], workers: WORKERS });
}
