import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '@binnacle/apis-kubernetes/apps/v1';
import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Node, Pod, ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { isTolerated } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeObject } from '@binnacle/machinery-meta';
import { toMillis } from '@binnacle/machinery-quantity';
import type { Rule } from './rule.js';
import { isActive, isReady, keyOf, type Snapshot } from './snapshot.js';

const MINUTE = 60_000;

/** Whether a quota may be why there are fewer Pods than are wanted. */
export function isShort(snapshot: Snapshot, { metadata }: KubeObject): boolean {
  return snapshot.list<ResourceQuota>(refs.resourcequotas, metadata.namespace).some(({ status }) => {
    const [hard, used] = [status?.hard ?? {}, status?.used ?? {}];
    return (
      Number(used.pods) >= Number(hard.pods) || toMillis(used['requests.cpu']) + 1_500 > toMillis(hard['requests.cpu'])
    );
  });
}

function* replicaSetCounts(snapshot: Snapshot): Iterable<string> {
  for (const set of snapshot.list<ReplicaSet>(refs.replicasets)) {
    if (snapshot.isEnding(set)) continue;
    const active = snapshot.podsOf(set).filter(isActive).length;
    const wanted = set.spec?.replicas ?? 1;
    if (active > wanted || (active < wanted && !isShort(snapshot, set))) yield `${keyOf(set)}|${active} of ${wanted}`;
  }
}

function* replicaSetStatus(snapshot: Snapshot): Iterable<string> {
  for (const set of snapshot.list<ReplicaSet>(refs.replicasets)) {
    if (snapshot.isEnding(set)) continue;
    const active = snapshot.podsOf(set).filter(isActive);
    const [count, ready] = [active.length, active.filter(isReady).length];
    const { replicas = 0, readyReplicas = 0 } = set.status ?? {};
    if (replicas !== count || readyReplicas !== ready)
      yield `${keyOf(set)}|says ${replicas}/${readyReplicas}, is ${count}/${ready}`;
  }
}

function setsOf(snapshot: Snapshot, { metadata }: Deployment): ReplicaSet[] {
  return snapshot
    .list<ReplicaSet>(refs.replicasets, metadata.namespace)
    .filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

function* deployments(snapshot: Snapshot): Iterable<string> {
  for (const one of snapshot.list<Deployment>(refs.deployments)) {
    if (snapshot.isEnding(one)) continue;
    const sets = setsOf(snapshot, one);
    const sum = (of: (set: ReplicaSet) => number | undefined) => sets.reduce((all, set) => all + (of(set) ?? 0), 0);
    const [told, is] = [
      [one.status?.replicas ?? 0, one.status?.readyReplicas ?? 0],
      [sum(({ status }) => status?.replicas), sum(({ status }) => status?.readyReplicas)],
    ];
    const heard = one.status?.observedGeneration === one.metadata.generation;
    if (!heard || told.join() !== is.join()) yield `${keyOf(one)}|says ${told}, is ${is}, heard ${heard}`;
  }
}

/** All there is is of the newest version, and serves. */
function isRolledOut({ spec, status }: Deployment): boolean {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  return [replicas, updatedReplicas, availableReplicas].every((count) => count === spec?.replicas);
}

const isGivenUp = ({ status }: Deployment): boolean =>
  status?.conditions?.some(({ reason }) => reason === 'ProgressDeadlineExceeded') === true;

/** A roll-out ends: done, or given up as too slow. */
function* rollOuts(snapshot: Snapshot): Iterable<string> {
  for (const one of snapshot.list<Deployment>(refs.deployments)) {
    if (snapshot.isEnding(one) || one.spec?.paused || isRolledOut(one) || isGivenUp(one)) continue;
    if (!isShort(snapshot, one)) yield `${keyOf(one)}|${JSON.stringify(one.status)}`;
  }
}

function* oldReplicaSets(snapshot: Snapshot): Iterable<string> {
  for (const one of snapshot.list<Deployment>(refs.deployments)) {
    if (snapshot.isEnding(one) || one.spec?.paused) continue;
    const old = setsOf(snapshot, one).filter(({ spec, status }) => spec?.replicas === 0 && !status?.replicas);
    // The newest may have none either.
    if (old.length > (one.spec?.revisionHistoryLimit ?? 10) + 1) yield `${keyOf(one)}|${old.length}`;
  }
}

function* oldRevisions(snapshot: Snapshot): Iterable<string> {
  const owners = [...snapshot.list<StatefulSet>(refs.statefulsets), ...snapshot.list<DaemonSet>(refs.daemonsets)];
  for (const owner of owners) {
    if (snapshot.isEnding(owner)) continue;
    const kept = snapshot
      .list<ControllerRevision>(refs.controllerrevisions, owner.metadata.namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid)).length;
    // Those in use are kept besides.
    const live = new Set(snapshot.podsOf(owner).map(({ metadata }) => metadata.labels?.['controller-revision-hash']));
    if (kept > (owner.spec?.revisionHistoryLimit ?? 10) + live.size + 2) yield `${keyOf(owner)}|${kept}`;
  }
}

function* statefulSets(snapshot: Snapshot): Iterable<string> {
  for (const set of snapshot.list<StatefulSet>(refs.statefulsets)) {
    if (snapshot.isEnding(set) || isShort(snapshot, set)) continue;
    const pods = snapshot.podsOf(set);
    // A member on a lost machine must be waited for: only its kubelet knows that it has ended.
    if (pods.some((pod) => pod.spec?.nodeName && !snapshot.isTended(pod, 2 * MINUTE))) continue;
    if (pods.some((pod) => !pod.spec?.nodeName)) continue;
    const names = pods.filter(isActive).map(({ metadata }) => metadata.name);
    const wanted = Array.from({ length: set.spec?.replicas ?? 1 }, (_, index) => `${set.metadata.name}-${index}`);
    if (names.sort().join() !== wanted.sort().join()) yield `${keyOf(set)}|has ${names}, wants ${wanted}`;
  }
}

/** Whether a DaemonSet's Pod is to be on a node, as its taints say. */
function wantsDaemon({ spec }: Node): boolean {
  const borne = ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map(
    (name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' as const }),
  );
  return (spec?.taints ?? []).every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, borne));
}

function* daemonSets(snapshot: Snapshot): Iterable<string> {
  for (const set of snapshot.list<DaemonSet>(refs.daemonsets)) {
    if (snapshot.isEnding(set) || isShort(snapshot, set)) continue;
    for (const node of snapshot.nodes.values()) {
      if (!snapshot.cluster.machines.get(node.metadata.name ?? '')?.isHeard) continue;
      const there = snapshot.podsOf(set).filter((pod) => isActive(pod) && placeOf(pod) === node.metadata.name);
      const wanted = wantsDaemon(node) ? 1 : 0;
      if (there.length !== wanted) yield `${keyOf(set)} on ${node.metadata.name}|${there.length} of ${wanted}`;
    }
  }
}

/** Where a daemon runs, or is to run. */
function placeOf({ spec }: Pod): string | undefined {
  const term = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0];
  return spec?.nodeName ?? term?.matchFields?.[0]?.values?.[0];
}

/** What a load decides on; undefined where nobody asked for any. */
function scaledTo({ cluster: { view } }: Snapshot, { spec, metadata }: HorizontalPodAutoscaler) {
  const target = view.get<Deployment>(refs.deployments, String(spec?.scaleTargetRef.name), metadata.namespace);
  return target && !target.metadata.deletionTimestamp ? target.spec?.replicas : undefined;
}

function* autoscalers(snapshot: Snapshot): Iterable<string> {
  for (const scaler of snapshot.list<HorizontalPodAutoscaler>(refs.horizontalpodautoscalers)) {
    const { minReplicas = 1, maxReplicas = 0 } = scaler.spec ?? {};
    const replicas = scaledTo(snapshot, scaler);
    if (!replicas || snapshot.isEnding(scaler)) continue;
    if (replicas < minReplicas || replicas > maxReplicas) yield `${keyOf(scaler)}|${replicas}`;
  }
}

export const workloadRules: readonly Rule[] = [
  { name: 'a ReplicaSet has as many Pods as it wants', tolerance: 4 * MINUTE, find: replicaSetCounts },
  { name: 'a ReplicaSet says what it has', tolerance: 2 * MINUTE, find: replicaSetStatus },
  { name: 'a Deployment says what it has', tolerance: 2 * MINUTE, find: deployments },
  { name: 'a roll-out ends', tolerance: 30 * MINUTE, find: rollOuts },
  { name: 'old ReplicaSets are cleared away', tolerance: 10 * MINUTE, find: oldReplicaSets },
  { name: 'old revisions are cleared away', tolerance: 10 * MINUTE, find: oldRevisions },
  { name: 'a StatefulSet has its members', tolerance: 15 * MINUTE, find: statefulSets },
  { name: 'a DaemonSet is on every node', tolerance: 5 * MINUTE, find: daemonSets },
  { name: 'an autoscaler keeps its limits', tolerance: 2 * MINUTE, find: autoscalers },
];
