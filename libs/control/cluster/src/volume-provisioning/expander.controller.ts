import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
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
import type { Lister } from '@binnacle/client-informers';
import { claimKeyOf } from '@binnacle/control-scheduling';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { type ClaimsAndVolumes, claimsAndVolumes } from '../persistent-volumes/claims-and-volumes.js';
import { planExpansion } from './expansion-plan.js';

interface ExpanderOptions extends ClaimsAndVolumes {
  readonly classes: Lister<StorageClass>;
  readonly recorder: EventRecorder;
}

/** Behaves as kubernetes pkg/controller/volume/expand and, for our own volumes, as external-resizer. */
class Expander implements Reconciler {
  constructor(private readonly options: ExpanderOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { claims, volumes, classes, recorder } = this.options;
    const claim = claims.get(key);
    const volume = claim && volumes.get(claim.spec?.volumeName ?? '');
    if (!claim || !volume) return done;
    const plan = planExpansion(claim, volume, (name) => classes.get(name));
    if (plan.act === 'leave') {
      recorder.event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
    } else if (plan.act === 'expand') {
      recorder.event(claim, 'Normal', 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`);
      await this.enlarge(ctx, volume, plan.size);
      await this.report(ctx, claim, plan.size);
    } else if (plan.act === 'report') await this.report(ctx, claim, plan.size);
    return done;
  }

  private async enlarge(ctx: Context, volume: PersistentVolume, size: string): Promise<void> {
    const { name = '', uid } = volume.metadata;
    const patch = { metadata: { uid }, spec: { capacity: { storage: size } } };
    const written = await this.options.volumeClient.patch(ctx, { name }, 'merge', patch);
    await this.options.volumes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }

  private async report(ctx: Context, claim: PersistentVolumeClaim, size: string): Promise<void> {
    const { claims, claimClient, recorder } = this.options;
    const { name = '', namespace, uid } = claim.metadata;
    const patch = { metadata: { uid }, status: { capacity: { storage: size } } };
    const written = await claimClient.patch(ctx, { name, namespace }, 'merge', patch, 'status');
    await claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    recorder.event(claim, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded');
  }
}

/** Gives claims that ask for more what they ask for. */
export function expanderController(ctx: Context, deps: ControllerDeps): Controller {
  const storage = claimsAndVolumes(deps);
  const classes = deps.informers.for<StorageClass>(refs.storageclasses);
  const recorder = createEventRecorder(ctx, deps.client, { component: 'volume_expand' });
  return createController({
    name: 'volume-expander',
    reconciler: new Expander({ ...storage, classes, recorder }),
    sources: [fromObjects(storage.claims), fromMapped(storage.volumes, claimKeyOf)],
    synced: [classes],
  });
}
