import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
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
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { Binder } from './binder.js';
import { planVolume, unbound, type VolumePlan } from './volume-plan.js';

interface VolumeBinderOptions {
  readonly volumes: SharedInformer<PersistentVolume>;
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly claimClient: ResourceClient<PersistentVolumeClaim>;
  readonly binder: Binder;
  readonly recorder: EventRecorder;
}

class VolumeBinder implements Reconciler {
  constructor(private readonly options: VolumeBinderOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const volume = this.options.volumes.get(key);
    if (!volume) return done;
    await this.carryOut(ctx, volume, planVolume(volume, await this.claimOf(ctx, volume)));
    return done;
  }

  /** The very claim a volume names. Before a volume is given up the server is asked, not a copy that may lag behind. */
  private async claimOf(ctx: Context, { spec }: PersistentVolume): Promise<PersistentVolumeClaim | undefined> {
    const { uid, name = '', namespace } = spec?.claimRef ?? {};
    if (!uid) return undefined;
    const known = this.options.claims.get(`${namespace}/${name}`);
    if (known?.metadata.uid === uid) return known;
    const fresh = await ignoreNotFound(this.options.claimClient.get(ctx, { name, namespace }));
    return fresh?.metadata.uid === uid ? fresh : undefined;
  }

  private async carryOut(ctx: Context, volume: PersistentVolume, plan: VolumePlan): Promise<void> {
    const { binder } = this.options;
    if (plan.act === 'phase') await binder.phase(ctx, volume, plan.phase);
    else if (plan.act === 'unbind')
      await binder.phase(ctx, await binder.writeVolume(ctx, unbound(volume)), 'Available');
    else if (plan.act === 'fail') {
      this.options.recorder.event(volume, 'Warning', plan.reason, plan.message);
      await binder.phase(ctx, volume, 'Failed', plan.message);
    } else if (plan.act === 'mismatch') this.tellMismatch(volume, plan.claim);
    // The claim is woken by the same change of the volume.
  }

  private tellMismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): void {
    const { recorder } = this.options;
    const why = 'due to incompatible volumeMode.';
    const [of, to] = [claim.metadata.name, volume.metadata.name];
    const volumeText = `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${of}" ${why}`;
    recorder.event(volume, 'Warning', 'VolumeMismatch', volumeText);
    const claimText = `Cannot bind PersistentVolume "${to}" to requested PersistentVolumeClaim ${why}`;
    recorder.event(claim, 'Warning', 'VolumeMismatch', claimText);
  }
}

/** A claim wakes the volume it has or had. */
function fromClaims(claims: SharedInformer<PersistentVolumeClaim>, volumes: Lister<PersistentVolume>): Source {
  return fromChanges(claims, ({ metadata, spec }, old, enqueue) => {
    for (const name of new Set([spec?.volumeName, old?.spec?.volumeName])) if (name) enqueue(name);
    for (const volume of volumes.list()) {
      if (volume.spec?.claimRef?.uid === metadata.uid) enqueue(volume.metadata.name ?? '');
    }
  });
}

/** Says of volumes whether they are free, bound or released. */
export function volumeBinderController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  const claimClient = client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumeClient = client.resource<PersistentVolume>(refs.persistentvolumes);
  const binder = new Binder({ volumes, volumeClient, claims, claimClient });
  const recorder = createEventRecorder(ctx, client, { component: 'persistentvolume-controller' });
  return createController({
    name: 'persistentvolume',
    reconciler: new VolumeBinder({ volumes, claims, claimClient, binder, recorder }),
    sources: [fromObjects(volumes), fromClaims(claims, volumes)],
  });
}
