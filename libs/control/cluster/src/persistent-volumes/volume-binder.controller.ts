import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import {
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromMapped,
  fromObjects,
  type Outcome,
  type Reconciler,
} from '@binnacle/client-controller';
import { keyOf, type Lister } from '@binnacle/client-informers';
import { volumesNaming } from '@binnacle/control-scheduling';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { Binder } from './binder.js';
import { type ClaimsAndVolumes, claimsAndVolumes } from './claims-and-volumes.js';
import { planVolume, unbound, type VolumePlan } from './volume-plan.js';

interface VolumeBinderOptions extends ClaimsAndVolumes {
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

/** A claim wakes the volumes it names and those that name it. */
function keysToWake(volumes: Lister<PersistentVolume>, claim: PersistentVolumeClaim): string[] {
  const { volumeName } = claim.spec ?? {};
  return [...(volumeName ? [volumeName] : []), ...volumesNaming(volumes, keyOf(claim)).map(keyOf)];
}

/** Says of volumes whether they are free, bound or released. */
export function volumeBinderController(ctx: Context, deps: ControllerDeps): Controller {
  const storage = claimsAndVolumes(deps);
  const { claims, volumes } = storage;
  const recorder = createEventRecorder(ctx, deps.client, { component: 'persistentvolume-controller' });
  return createController({
    name: 'persistentvolume',
    reconciler: new VolumeBinder({ ...storage, binder: new Binder(storage), recorder }),
    sources: [fromObjects(volumes), fromMapped(claims, (claim) => keysToWake(volumes, claim))],
  });
}
