import type { ControllerRevision, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
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
import type { ControllerDeps } from '../controller-deps.js';
import { RevisionHistory } from '../history/revision-history.js';
import { indexByOwner } from '../pods/ownership.js';
import { fromPods, ownersOf } from '../pods/pod-source.js';
import { statefulSetEvents } from './events.js';
import { MemberWriter } from './member-writer.js';
import { StatefulSetReconciler } from './stateful-set.reconciler.js';

/** A claim that is gone may be what a set waits for: it went with an earlier Pod of its name. */
function fromClaims(claims: SharedInformer<PersistentVolumeClaim>, sets: SharedInformer<StatefulSet>): Source {
  return fromChanges(claims, ({ metadata }, _, enqueue, deleted) => {
    if (!deleted) return;
    for (const set of sets.list(metadata.namespace)) {
      const templates = set.spec?.volumeClaimTemplates ?? [];
      const starts = templates.map((template) => `${template.metadata.name}-${set.metadata.name}-`);
      if (starts.some((start) => metadata.name?.startsWith(start))) enqueue(keyOf(set));
    }
  });
}

export function statefulSetController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const sets = informers.for<StatefulSet>(refs.statefulsets);
  const pods = informers.for<Pod>(refs.pods);
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const revisions = informers.for<ControllerRevision>(refs.controllerrevisions);
  indexByOwner(pods);
  indexByOwner(revisions);
  const podClient = client.resource<Pod>(refs.pods);
  const claimClient = client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const events = statefulSetEvents(createEventRecorder(ctx, client, { component: 'statefulset-controller' }));
  return createController({
    name: 'statefulset',
    reconciler: new StatefulSetReconciler({
      sets,
      client: client.resource<StatefulSet>(refs.statefulsets),
      pods,
      podClient,
      claims,
      history: new RevisionHistory(client.resource<ControllerRevision>(refs.controllerrevisions), revisions),
      writer: new MemberWriter({ pods, podClient, claims, claimClient, events }),
    }),
    sources: [fromObjects(sets), fromPods(pods, ownersOf(refs.statefulsets.kind, sets)), fromClaims(claims, sets)],
    synced: [revisions],
  });
}
