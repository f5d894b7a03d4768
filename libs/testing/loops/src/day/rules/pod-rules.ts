import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { isTolerated } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { toBytes, toMillis } from '@binnacle/machinery-quantity';
import type { Rule } from './rule.js';
import { isOver, isReady, keyOf, type Snapshot } from './snapshot.js';

const MINUTE = 60_000;

interface Room {
  cpu: number;
  memory: number;
  pods: number;
}

const sum = (pod: Pod, of: (requests: Readonly<Record<string, string | number>>) => number): number =>
  (pod.spec?.containers ?? []).reduce((total, { resources }) => total + of(resources?.requests ?? {}), 0);
const cpuOf = (pod: Pod) => sum(pod, ({ cpu }) => toMillis(cpu));
const memoryOf = (pod: Pod) => sum(pod, ({ memory }) => toBytes(memory));

/** What is left of a node, counted anew from its Pods. */
function roomOn(snapshot: Snapshot, { metadata, status }: Node): Room {
  const { cpu, memory, pods } = status?.allocatable ?? {};
  const room = { cpu: toMillis(cpu), memory: toBytes(memory), pods: Number(pods ?? 0) };
  for (const pod of snapshot.pods) {
    if (pod.spec?.nodeName !== metadata.name || isOver(pod)) continue;
    room.cpu -= cpuOf(pod);
    room.memory -= memoryOf(pod);
    room.pods -= 1;
  }
  return room;
}

const NOWHERE: ReadonlySet<string> = new Set();

/** Nodes a claim's volume can be reached from; undefined where from all, or where one is yet to be made for any. */
function reachableWith({ cluster: { view } }: Snapshot, name: string, namespace = ''): ReadonlySet<string> | undefined {
  const claim = view.get<PersistentVolumeClaim>(refs.persistentvolumeclaims, name, namespace);
  if (!claim || claim.metadata.deletionTimestamp) return NOWHERE;
  const volume = view.get<PersistentVolume>(refs.persistentvolumes, String(claim.spec?.volumeName));
  if (volume?.spec?.nodeAffinity) return placesOf(volume);
  return volume || claim.spec?.storageClassName === 'standard' ? undefined : NOWHERE;
}

/** No Pod of the scenario has more than one claim. */
function reachableBy(snapshot: Snapshot, { spec, metadata }: Pod): ReadonlySet<string> | undefined {
  const claims = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  return claims[0] === undefined ? undefined : reachableWith(snapshot, claims[0], metadata.namespace);
}

function placesOf({ spec }: PersistentVolume): ReadonlySet<string> {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return new Set(terms.flatMap(({ matchExpressions }) => matchExpressions ?? []).flatMap(({ values }) => values ?? []));
}

const isPinned = (pod: Pod): boolean => pod.spec?.affinity !== undefined;

function fits(snapshot: Snapshot, pod: Pod): boolean {
  const reachable = reachableBy(snapshot, pod);
  return [...snapshot.nodes.values()].some((node) => {
    const { unschedulable, taints = [] } = node.spec ?? {};
    if (unschedulable || (reachable && !reachable.has(node.metadata.name ?? ''))) return false;
    const refused = taints.some(
      (taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, pod.spec?.tolerations ?? []),
    );
    const room = roomOn(snapshot, node);
    return !refused && room.pods > 0 && room.cpu >= cpuOf(pod) && room.memory >= memoryOf(pod);
  });
}

function* pendingThatFits(snapshot: Snapshot): Iterable<string> {
  for (const pod of snapshot.pods) {
    if (pod.spec?.nodeName || snapshot.isEnding(pod) || isOver(pod) || isPinned(pod)) continue;
    if (snapshot.cluster.scheduler.isRunning && fits(snapshot, pod)) yield keyOf(pod);
  }
}

function* overbooked(snapshot: Snapshot): Iterable<string> {
  for (const node of snapshot.nodes.values()) {
    const { cpu, memory, pods } = roomOn(snapshot, node);
    if (cpu < 0 || memory < 0 || pods < 0) yield `${keyOf(node)}|${JSON.stringify({ cpu, memory, pods })}`;
  }
}

/** A Pod that is to end ends, unless nobody is there to end it. */
function* terminating(snapshot: Snapshot): Iterable<string> {
  for (const pod of snapshot.pods) {
    if (!pod.metadata.deletionTimestamp || snapshot.since(pod.metadata.deletionTimestamp) < 0) continue;
    if (!pod.spec?.nodeName || snapshot.isTended(pod, 2 * MINUTE))
      yield `${keyOf(pod)}|${JSON.stringify([pod.metadata.finalizers, pod.spec?.nodeName, pod.metadata.uid, pod.status?.phase])}`;
  }
}

/** What is bound runs: its kubelet has heard of it, and its image can be had. */
function* notStarted(snapshot: Snapshot): Iterable<string> {
  for (const pod of snapshot.pods) {
    const { phase, containerStatuses = [] } = pod.status ?? {};
    if (!pod.spec?.nodeName || phase !== 'Pending' || snapshot.isEnding(pod)) continue;
    const waits = containerStatuses.some(({ state }) => /Image/.test(state?.waiting?.reason ?? ''));
    if (!waits && snapshot.isTended(pod, 2 * MINUTE))
      yield `${keyOf(pod)}|${pod.metadata.uid} ${JSON.stringify(pod.status).slice(0, 400)}`;
  }
}

/** What runs is ready, sooner or later: nothing of the scenario is unready for long. */
function* notReady(snapshot: Snapshot): Iterable<string> {
  for (const pod of snapshot.pods) {
    if (pod.status?.phase !== 'Running' || isReady(pod) || snapshot.isEnding(pod)) continue;
    if (snapshot.isTended(pod, 2 * MINUTE)) yield `${keyOf(pod)}|${JSON.stringify([pod.spec?.nodeName, pod.status])}`;
  }
}

function* onNoNode(snapshot: Snapshot): Iterable<string> {
  for (const pod of snapshot.pods)
    if (pod.spec?.nodeName && !snapshot.nodes.has(pod.spec.nodeName)) yield `${keyOf(pod)}|${pod.spec.nodeName}`;
}

/** Whoever cannot be heard loses his Pods after the five minutes that they tolerate it. */
function* onLostNode(snapshot: Snapshot): Iterable<string> {
  const lost = [...snapshot.cluster.machines.values()].filter((machine) => !machine.isHeard);
  if (lost.length > snapshot.cluster.machines.size / 2) return;
  for (const pod of snapshot.pods) {
    const machine = lost.find(({ name }) => name === pod.spec?.nodeName);
    const isKept = pod.metadata.ownerReferences?.[0]?.kind === 'DaemonSet';
    if (!machine || isKept || isOver(pod) || pod.metadata.deletionTimestamp) continue;
    if (snapshot.now - machine.changedAt > 9 * MINUTE) yield keyOf(pod);
  }
}

/** Whether the control plane holds a node to be well, and has not marked it otherwise. */
function isHeldWell({ spec, status }: Node): boolean {
  const isReady = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  const isMarked = spec?.taints?.some(({ key }) => /^node\.kubernetes\.io\/(not-ready|unreachable)/.test(String(key)));
  return isReady === true && !isMarked;
}

function* nodesTold(snapshot: Snapshot): Iterable<string> {
  for (const { name, isHeard } of snapshot.cluster.machines.values()) {
    const node = snapshot.nodes.get(name);
    const told = node ? isHeldWell(node) : false;
    if (told !== isHeard) yield `${name}|${JSON.stringify([isHeard, node?.spec?.taints])}`;
  }
}

export const podRules: readonly Rule[] = [
  { name: 'a Pod that fits is placed', tolerance: 7 * MINUTE, find: pendingThatFits },
  { name: 'no node is given more than it has', tolerance: 0, find: overbooked },
  { name: 'a Pod on its way out goes', tolerance: 4 * MINUTE, find: terminating },
  { name: 'a Pod that is placed starts', tolerance: 4 * MINUTE, find: notStarted },
  { name: 'a Pod that runs is ready', tolerance: 10 * MINUTE, find: notReady },
  { name: 'no Pod is on a node that is not', tolerance: 3 * MINUTE, find: onNoNode },
  { name: 'Pods leave nodes that are lost', tolerance: 3 * MINUTE, find: onLostNode },
  { name: 'nodes are known as they are', tolerance: 3 * MINUTE, find: nodesTold },
];
