import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromChanges,
  fromObjects,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { controllerOf } from '@binnacle/machinery-meta';
import { planEphemeral } from './plan.js';

interface EphemeralVolumesOptions {
  readonly pods: SharedInformer<Pod>;
  readonly claims: SharedInformer<PersistentVolumeClaim>;
  readonly claimClient: ResourceClient<PersistentVolumeClaim>;
  readonly recorder: EventRecorder;
}

class EphemeralVolumes implements Reconciler {
  constructor(private readonly options: EphemeralVolumesOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { pods, claims } = this.options;
    const pod = pods.get(key);
    if (!pod) return done;
    const steps = planEphemeral(pod, (name) => claims.get(`${pod.metadata.namespace}/${name}`));
    for (const step of steps) {
      if (step.act === 'refuse') throw this.told(pod, step.volume, new Error(step.why));
      await this.create(ctx, pod, step.volume, step.claim);
    }
    return done;
  }

  private async create(ctx: Context, pod: Pod, volume: string, claim: PersistentVolumeClaim): Promise<void> {
    const { claims, claimClient } = this.options;
    try {
      const made = await claimClient.create(ctx, claim);
      await claims.waitFor(ctx, made.metadata.resourceVersion ?? '0');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.told(pod, volume, new Error(`create PVC ${claim.metadata.name}: ${why}`));
      throw error;
    }
  }

  private told(pod: Pod, volume: string, error: Error): Error {
    const message = `ephemeral volume ${volume}: ${error.message}`;
    this.options.recorder.event(pod, 'Warning', 'FailedBinding', message);
    return error;
  }
}

/** A claim that is gone is made again while its Pod lives. */
function fromClaims(claims: SharedInformer<PersistentVolumeClaim>): Source {
  return fromChanges(claims, (claim, _, enqueue, deleted) => {
    const owner = controllerOf(claim);
    if (deleted && owner?.kind === 'Pod') enqueue(`${claim.metadata.namespace}/${owner.name}`);
  });
}

/** Makes the claims of Pods' ephemeral volumes. */
export function ephemeralVolumesController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const pods = informers.for<Pod>(refs.pods);
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const recorder = createEventRecorder(ctx, client, { component: 'ephemeral_volume' });
  const claimClient = client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  return createController({
    name: 'ephemeral-volume',
    reconciler: new EphemeralVolumes({ pods, claims, claimClient, recorder }),
    sources: [fromObjects(pods), fromClaims(claims)],
  });
}
