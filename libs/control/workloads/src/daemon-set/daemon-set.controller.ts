import type { ControllerRevision, DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  fromChanges,
  fromObjects,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { ControllerDeps } from '../controller-deps.js';
import { RevisionHistory } from '../history/revision-history.js';
import { LABEL_CONTROLLER_REVISION_HASH } from '@binnacle/apis-kubernetes/well-known';
import { indexByOwner } from '../pods/ownership.js';
import { podEvents } from '../pods/pod-events.js';
import { fromPods, ownersOf } from '../pods/pod-source.js';
import { PodWriter } from '../pods/pod-writer.js';
import { DaemonSetReconciler } from './daemon-set.reconciler.js';
import { daemonSetEvents } from './events.js';
import { FailureBackoff } from './failure-backoff.js';
import { placementOn } from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';

/** Whether a node differs in what sets look at, and not only in its heartbeats. */
function differs(node: Node, old: Node): boolean {
  const sameLabels = semanticEqual(old.metadata.labels, node.metadata.labels);
  return !sameLabels || !semanticEqual(old.spec?.taints, node.spec?.taints);
}

/** A node wakes the sets that want something else of it than before; those with a daemon too many always. */
function fromNodes(nodes: SharedInformer<Node>, sets: SharedInformer<DaemonSet>): Source {
  return fromChanges(nodes, (node, old, enqueue) => {
    if (old && !differs(node, old)) return;
    for (const set of sets.list()) {
      const moved = !old || placementOn(set, old) !== placementOn(set, node);
      if (moved || set.status?.numberMisscheduled) enqueue(keyOf(set));
    }
  });
}

export function daemonSetController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const sets = informers.for<DaemonSet>(refs.daemonsets);
  const pods = informers.for<Pod>(refs.pods);
  const nodes = informers.for<Node>(refs.nodes);
  const revisions = informers.for<ControllerRevision>(refs.controllerrevisions);
  indexByOwner(pods);
  indexByOwner(revisions);
  const podClient = client.resource<Pod>(refs.pods);
  const recorder = createEventRecorder(ctx, client, { component: 'daemonset-controller' });
  const revisionClient = client.resource<ControllerRevision>(refs.controllerrevisions);
  return createController({
    name: 'daemonset',
    reconciler: new DaemonSetReconciler({
      sets,
      client: client.resource<DaemonSet>(refs.daemonsets),
      pods,
      podClient,
      nodes,
      history: new RevisionHistory(revisionClient, revisions, LABEL_CONTROLLER_REVISION_HASH),
      writer: new PodWriter(pods, podClient, podEvents(recorder)),
      backoff: new FailureBackoff(),
      events: daemonSetEvents(recorder),
    }),
    sources: [fromObjects(sets), fromPods(pods, ownersOf(refs.daemonsets.kind, sets)), fromNodes(nodes, sets)],
    synced: [revisions],
  });
}
