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
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { ControllerDeps } from '../controller-deps.js';
import { RevisionHistory } from '../history/revision-history.js';
import { CONTROLLER_UID, controllerUidKeys, ORPHANS, orphanKeys } from '../pods/ownership.js';
import { fromPods } from '../pods/pod-source.js';
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
  for (const informer of [pods, revisions]) {
    informer.addIndex(CONTROLLER_UID, controllerUidKeys);
    informer.addIndex(ORPHANS, orphanKeys);
  }
  const podClient = client.resource<Pod>(refs.pods);
  const claimClient = client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const events = statefulSetEvents(createEventRecorder(ctx, client, { component: 'statefulset-controller' }));
  const owners = {
    kind: refs.statefulsets.kind,
    get: (key: string) => sets.get(key),
    list: (namespace?: string) => sets.list(namespace),
    matcher: (set: StatefulSet) => matcherFromLabelSelector(set.spec?.selector),
  };
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
    sources: [fromObjects(sets), fromPods(pods, owners), fromClaims(claims, sets)],
    synced: [revisions],
  });
}
