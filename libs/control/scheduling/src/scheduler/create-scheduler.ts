import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type {
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicationController,
  Service,
} from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import type { CSINode, StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { EventRecorder, Pending } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ClusterCache } from '../cache/cluster-cache.js';
import { SchedulingEngine } from '../engine/scheduling-engine.js';
import { defaultBinder } from '../plugins/default-binder/default-binder.js';
import { defaultPlugins, type VolumeRules } from '../plugins/default-plugins.js';
import { schedulingGates } from '../plugins/scheduling-gates/scheduling-gates.js';
import { VolumeBinding } from '../plugins/volumes/volume-binding.js';
import { VolumeWriter } from '../plugins/volumes/volume-writer.js';
import { type QueueRules, SchedulingQueue } from '../queue/scheduling-queue.js';
import { candidatesFor, indexVolumes } from '../volumes/volume-index.js';
import { ClusterEvents } from './cluster-events.js';
import { defaultSelector } from './default-selector.js';
import { DEFAULT_SCHEDULER } from './placed-pods.js';
import { Preemptor } from './preemptor.js';
import { Scheduler, type SchedulerParts } from './scheduler.js';

export interface SchedulerOptions {
  readonly schedulerName?: string;
  /** Decides between equally good nodes; the same seed and the same events give the same placements. */
  readonly seed?: number;
  readonly observe?: SchedulerParts['observe'];
  /** Given what tells, from now on, what the scheduler has to do. */
  readonly begun?: (pending: () => Pending) => void;
}

const DEFAULT_SEED = 36;

function queueRules({ filters }: ReturnType<typeof defaultPlugins>): QueueRules {
  const byName = new Map(filters.map((plugin) => [plugin.name, plugin]));
  return {
    gate: (pod) => schedulingGates.preEnqueue(pod),
    wakes: (event, pod, rejectedBy) =>
      rejectedBy.size === 0 || [...rejectedBy].some((name) => byName.get(name)?.wakes(event, pod) ?? true),
  };
}

function followedStorage(client: KubeClient, informers: SharedInformerFactory) {
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  const classes = informers.for<StorageClass>(refs.storageclasses);
  const csiNodes = informers.for<CSINode>(refs.csinodes);
  indexVolumes(volumes);
  const storage = {
    claim: (key: string) => claims.get(key),
    volume: (name: string) => volumes.get(name),
    candidates: (claim: PersistentVolumeClaim) => candidatesFor(volumes, claim),
    storageClass: (name: string) => classes.get(name),
    csiNode: (name: string) => csiNodes.get(name),
  };
  const writer = new VolumeWriter({
    volumes,
    volumeClient: client.resource<PersistentVolume>(refs.persistentvolumes),
    claims,
    claimClient: client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims),
  });
  const rules: VolumeRules = { storage, binding: new VolumeBinding(storage, writer) };
  return { rules, informers: [claims, volumes, classes, csiNodes] };
}

/** Follows the cluster and schedules its Pods until the context aborts. */
export async function runScheduler(
  ctx: Context,
  client: KubeClient,
  recorder: EventRecorder,
  options: SchedulerOptions = {},
): Promise<void> {
  const { schedulerName = DEFAULT_SCHEDULER, seed = DEFAULT_SEED, observe } = options;
  let pending = (): Pending => ({ busy: true });
  options.begun?.(() => pending());
  const informers = new SharedInformerFactory(client);
  const namespaces = informers.for<Namespace>(refs.namespaces);
  const budgets = informers.for<PodDisruptionBudget>(refs.poddisruptionbudgets);
  const volumes = followedStorage(client, informers);
  const plugins = defaultPlugins(
    defaultSelector({
      services: informers.for<Service>(refs.services),
      replicaSets: informers.for<ReplicaSet>(refs.replicasets),
      replicationControllers: informers.for<ReplicationController>(refs.replicationcontrollers),
    }),
    volumes.rules,
  );
  const cache = new ClusterCache((name) => namespaces.get(name)?.metadata.labels ?? {});
  const queue = new SchedulingQueue(ctx.clock, queueRules(plugins));
  const events = new ClusterEvents(cache, queue, schedulerName);
  events.followNodes(informers.for<Node>(refs.nodes));
  events.followPods(informers.for<Pod>(refs.pods));
  events.followNamespaces(namespaces);
  events.followStorage(volumes.informers);
  informers.start(ctx);
  await Promise.race([informers.synced(), informers.stopped()]);
  const pods = client.resource<Pod>(refs.pods);
  const engine = new SchedulingEngine(cache, plugins, seed);
  const view = { cluster: cache, filters: plugins.filters, budgetsOf: (namespace: string) => budgets.list(namespace) };
  const preemptor = new Preemptor(view, pods, recorder, {
    schedulerName,
    retry: (pod) => queue.retry(pod.uid),
  });
  const binder = defaultBinder(pods);
  const scheduler = new Scheduler({
    cache,
    queue,
    engine,
    binder,
    reserves: [volumes.rules.binding],
    pods,
    recorder,
    preemptor,
    observe,
  });
  pending = () => ({ busy: scheduler.isBusy });
  ctx.logger.info('scheduling', { scheduler: schedulerName, nodes: cache.nodes.nodeRows.length, ...queue.sizes });
  await scheduler.run(ctx);
  await informers.stopped();
}
