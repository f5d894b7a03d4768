import type {
  ConfigMap,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Service,
  ServiceAccount,
} from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeObject } from '@binnacle/machinery-meta';
import { toMillis } from '@binnacle/machinery-quantity';
import { matcherFromLabelSelector, matcherFromSet } from '@binnacle/machinery-selectors';
import type { Rule } from './rule.js';
import { isHealthy, isOver, keyOf, type Snapshot } from './snapshot.js';

const MINUTE = 60_000;

/** As kubernetes pkg/quota/v1/evaluator/core QuotaV1Pod: whoever should have ended is no longer counted. */
const isCounted = (snapshot: Snapshot, pod: Pod): boolean =>
  !isOver(pod) && !(pod.metadata.deletionTimestamp && snapshot.since(pod.metadata.deletionTimestamp) > 0);

/** What a namespace really uses of what its quota counts. */
function usedIn(snapshot: Snapshot, namespace = ''): Readonly<Record<string, number>> {
  const pods = snapshot.pods.filter((pod) => pod.metadata.namespace === namespace && isCounted(snapshot, pod));
  const cpu = (pod: Pod) =>
    (pod.spec?.containers ?? []).reduce((sum, { resources }) => sum + toMillis(resources?.requests?.cpu), 0);
  return {
    pods: pods.length * 1000,
    'requests.cpu': pods.reduce((sum, pod) => sum + cpu(pod), 0),
    persistentvolumeclaims: snapshot.list(refs.persistentvolumeclaims, namespace).length * 1000,
    'count/jobs.batch': snapshot.list(refs.jobs, namespace).length * 1000,
    services: snapshot.list(refs.services, namespace).length * 1000,
  };
}

function* quotasExceeded(snapshot: Snapshot): Iterable<string> {
  for (const quota of snapshot.list<ResourceQuota>(refs.resourcequotas)) {
    const used = usedIn(snapshot, quota.metadata.namespace);
    for (const [name, hard] of Object.entries(quota.spec?.hard ?? {}))
      if ((used[name] ?? 0) > toMillis(hard)) yield `${keyOf(quota)} ${name}|${used[name]} of ${hard}`;
  }
}

function* quotasTold(snapshot: Snapshot): Iterable<string> {
  for (const quota of snapshot.list<ResourceQuota>(refs.resourcequotas)) {
    if (snapshot.isEnding(quota)) continue;
    const used = usedIn(snapshot, quota.metadata.namespace);
    for (const name of Object.keys(quota.spec?.hard ?? {}))
      if (used[name] !== toMillis(quota.status?.used?.[name]))
        yield `${keyOf(quota)} ${name}|says ${quota.status?.used?.[name]}, is ${used[name]}`;
  }
}

function* budgets(snapshot: Snapshot): Iterable<string> {
  for (const budget of snapshot.list<PodDisruptionBudget>(refs.poddisruptionbudgets)) {
    const isStuck = budget.status?.conditions?.some(({ reason }) => reason === 'SyncFailed');
    if (snapshot.isEnding(budget) || isStuck) continue;
    const matcher = matcherFromLabelSelector(budget.spec?.selector);
    const healthy = snapshot.pods.filter(
      (pod) =>
        pod.metadata.namespace === budget.metadata.namespace && matcher.matches(pod.metadata.labels) && isHealthy(pod),
    ).length;
    const told = budget.status?.currentHealthy ?? 0;
    if (told !== healthy) yield `${keyOf(budget)}|says ${told}, is ${healthy}`;
  }
}

function* ownersGone(snapshot: Snapshot): Iterable<string> {
  const kinds = [
    refs.pods,
    refs.replicasets,
    refs.deployments,
    refs.jobs,
    refs.cronjobs,
    refs.statefulsets,
    refs.daemonsets,
    refs.controllerrevisions,
    refs.endpointslices,
    refs.persistentvolumeclaims,
  ];
  const others = [refs.services, refs.nodes];
  const alive = new Set([...kinds, ...others].flatMap((ref) => snapshot.list(ref).map(({ metadata }) => metadata.uid)));
  for (const ref of kinds)
    for (const object of snapshot.list(ref)) {
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.length > 0 && !owners.some(({ uid }) => alive.has(uid)) && !object.metadata.deletionTimestamp)
        yield `${ref.plural} ${keyOf(object)}|${JSON.stringify(owners)}`;
    }
}

/** Everything that has been told to go goes, once there is nothing it must wait for. */
function* ending(snapshot: Snapshot): Iterable<string> {
  const kinds = [
    refs.replicasets,
    refs.deployments,
    refs.jobs,
    refs.cronjobs,
    refs.statefulsets,
    refs.daemonsets,
    refs.services,
    refs.persistentvolumeclaims,
    refs.persistentvolumes,
    refs.namespaces,
  ];
  const waits = snapshot.pods.filter(({ metadata }) => metadata.deletionTimestamp);
  for (const ref of kinds)
    for (const object of snapshot.list(ref)) {
      if (!object.metadata.deletionTimestamp) continue;
      if (isUsed(snapshot, object) || waits.some((pod) => isBehind(pod, object))) continue;
      yield `${ref.plural} ${keyOf(object)}|${JSON.stringify([object.metadata.finalizers, object.metadata.deletionTimestamp])}`;
    }
}

const isUsed = (snapshot: Snapshot, { kind, metadata }: KubeObject): boolean =>
  kind === 'PersistentVolumeClaim' &&
  snapshot.pods.some(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      pod.spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name),
  );

/** Whether a Pod that is still ending may be what another object waits for. */
const isBehind = (pod: Pod, { kind, metadata }: KubeObject): boolean =>
  kind === 'Namespace' ? pod.metadata.namespace === metadata.name : pod.metadata.namespace === metadata.namespace;

function* endpoints(snapshot: Snapshot): Iterable<string> {
  for (const service of snapshot.list<Service>(refs.services)) {
    if (!service.spec?.selector || snapshot.isEnding(service)) continue;
    const matcher = matcherFromSet(service.spec.selector);
    const ready = snapshot.pods
      .filter((pod) => pod.metadata.namespace === service.metadata.namespace && matcher.matches(pod.metadata.labels))
      .filter(isHealthy)
      .map(({ status }) => status?.podIP ?? '');
    const told = snapshot
      .list<EndpointSlice>(refs.endpointslices, service.metadata.namespace)
      .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name)
      .flatMap((slice) => slice.endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready)
      .flatMap(({ addresses }) => addresses);
    if (ready.sort().join() !== told.sort().join()) yield `${keyOf(service)}|says ${told}, is ${ready}`;
  }
}

function* claims(snapshot: Snapshot): Iterable<string> {
  for (const claim of snapshot.list<PersistentVolumeClaim>(refs.persistentvolumeclaims)) {
    const phase = claim.status?.phase;
    const isWaiting = claim.spec?.storageClassName === 'standard' && phase === 'Pending';
    if (phase !== 'Bound' && !isWaiting && !snapshot.isEnding(claim)) yield keyOf(claim);
  }
}

function* volumes(snapshot: Snapshot): Iterable<string> {
  const alive = new Set(snapshot.list(refs.persistentvolumeclaims).map(({ metadata }) => metadata.uid));
  for (const volume of snapshot.list<PersistentVolume>(refs.persistentvolumes))
    if (!alive.has(volume.spec?.claimRef?.uid)) yield `${keyOf(volume)}|${JSON.stringify(volume.status)}`;
}

function* namespaces(snapshot: Snapshot): Iterable<string> {
  for (const namespace of snapshot.list<Namespace>(refs.namespaces)) {
    const name = namespace.metadata.name ?? '';
    if (snapshot.isEnding(namespace)) continue;
    if (!snapshot.cluster.view.get<ServiceAccount>(refs.serviceaccounts, 'default', name)) yield `${name}: no account`;
    if (!snapshot.cluster.view.get<ConfigMap>(refs.configmaps, 'kube-root-ca.crt', name)) yield `${name}: no authority`;
  }
}

export const clusterRules: readonly Rule[] = [
  { name: 'no quota is exceeded', tolerance: 0, find: quotasExceeded },
  { name: 'a quota says what is used', tolerance: 6 * MINUTE, find: quotasTold },
  { name: 'a budget says what is healthy', tolerance: 3 * MINUTE, find: budgets },
  { name: 'nothing outlives its owners', tolerance: 4 * MINUTE, find: ownersGone },
  { name: 'what is to go goes', tolerance: 5 * MINUTE, find: ending },
  { name: 'a Service leads to its Pods', tolerance: 3 * MINUTE, find: endpoints },
  { name: 'claims are bound', tolerance: 5 * MINUTE, find: claims },
  { name: 'volumes are claimed', tolerance: 5 * MINUTE, find: volumes },
  { name: 'a namespace has what it must have', tolerance: 3 * MINUTE, find: namespaces },
];
