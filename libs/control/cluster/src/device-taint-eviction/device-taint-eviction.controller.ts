import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  createEventRecorder,
  done,
  type Enqueue,
  type EventRecorder,
  fromChanges,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { markDisrupted } from '../pods/disruption-target.js';
import { CLAIMS, claimKeysOf } from '../resource-claims/consumers.js';
import { evictionTime } from './plan.js';

/** Index: slices by their pool, claims by the pools their devices are of. */
const POOLS = 'devicePools';

interface DeviceTaintEvictionOptions {
  readonly pods: SharedInformer<Pod>;
  readonly claims: SharedInformer<ResourceClaim>;
  readonly slices: SharedInformer<ResourceSlice>;
  readonly client: ResourceClient<Pod>;
  readonly recorder: EventRecorder;
}

const poolKey = (driver: string, pool: string): string => `${driver}/${pool}`;

const poolOf = ({ spec }: ResourceSlice): string[] => [poolKey(spec.driver, spec.pool.name)];

function poolsOf({ status }: ResourceClaim): string[] {
  const results = status?.allocation?.devices?.results ?? [];
  return [...new Set(results.map(({ driver, pool }) => poolKey(driver, pool)))];
}

/** Deletes Pods whose devices are tainted so that they must go. Behaves as kubernetes pkg/controller/devicetainteviction. */
class DeviceTaintEviction implements Reconciler {
  /** Pods that are going to be deleted, unless something changes. */
  private readonly marked = new Set<string>();

  constructor(private readonly options: DeviceTaintEvictionOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const pod = this.options.pods.get(key);
    const time = pod && this.timeOf(pod);
    if (!pod || time === undefined) return this.cancel(key, pod);
    this.marked.add(key);
    if (time > ctx.clock.now()) return againAt(time);
    await this.evict(ctx, pod);
    this.marked.delete(key);
    return done;
  }

  private timeOf(pod: Pod): number | undefined {
    const { claims, slices } = this.options;
    return evictionTime(
      pod,
      (name) => claims.get(`${pod.metadata.namespace}/${name}`),
      (driver, pool) => slices.byIndex(POOLS, poolKey(driver, pool)),
    );
  }

  private cancel(key: string, pod: Pod | undefined): Outcome {
    const stays = this.marked.delete(key) && pod && !pod.metadata.deletionTimestamp;
    if (stays) this.options.recorder.event(pod, 'Normal', 'DeviceTaintManagerEviction', 'Cancelling deletion');
    return done;
  }

  private async evict(ctx: Context, pod: Pod): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    const { client, recorder } = this.options;
    recorder.event(pod, 'Normal', 'DeviceTaintManagerEviction', 'Marking for deletion');
    const message = 'Device Taint manager: deleting due to NoExecute taint';
    await ignoreNotFound(markDisrupted(ctx, client, pod, { reason: 'DeletionByDeviceTaintManager', message }));
    await ignoreNotFound(client.delete(ctx, { name, namespace }, { preconditions: { uid } }));
  }
}

function fromPods(pods: SharedInformer<Pod>): Source {
  return fromChanges(pods, (pod, _, enqueue) => {
    if (pod.spec?.nodeName && (pod.spec.resourceClaims?.length ?? 0) > 0) enqueue(keyOf(pod));
  });
}

function enqueueUsers(claim: ResourceClaim, pods: SharedInformer<Pod>, enqueue: Enqueue): void {
  for (const pod of pods.byIndex(CLAIMS, keyOf(claim))) enqueue(keyOf(pod));
}

function fromClaims(claims: SharedInformer<ResourceClaim>, pods: SharedInformer<Pod>): Source {
  return fromChanges(claims, (claim, _, enqueue) => enqueueUsers(claim, pods, enqueue));
}

function fromSlices({ slices, claims, pods }: Omit<DeviceTaintEvictionOptions, 'client' | 'recorder'>): Source {
  return fromChanges(slices, (slice, old, enqueue) => {
    const pools = new Set([...poolOf(slice), ...(old ? poolOf(old) : [])]);
    for (const pool of pools) {
      for (const claim of claims.byIndex(POOLS, pool)) enqueueUsers(claim, pods, enqueue);
    }
  });
}

export function deviceTaintEvictionController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const pods = informers.for<Pod>(refs.pods);
  const claims = informers.for<ResourceClaim>(refs.resourceclaims);
  const slices = informers.for<ResourceSlice>(refs.resourceslices);
  pods.addIndex(CLAIMS, claimKeysOf);
  claims.addIndex(POOLS, poolsOf);
  slices.addIndex(POOLS, poolOf);
  const recorder = createEventRecorder(ctx, client, { component: 'device-taint-eviction-controller' });
  const podClient = client.resource<Pod>(refs.pods);
  return createController({
    name: 'device-taint-eviction',
    reconciler: new DeviceTaintEviction({ pods, claims, slices, client: podClient, recorder }),
    sources: [fromPods(pods), fromClaims(claims, pods), fromSlices({ slices, claims, pods })],
  });
}
