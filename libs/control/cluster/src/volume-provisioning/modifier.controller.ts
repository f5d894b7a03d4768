import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { VolumeAttributesClass } from '@binnacle/apis-kubernetes/storage/v1';
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
import { keyOf, type Lister } from '@binnacle/client-informers';
import { claimKeyOf } from '@binnacle/control-scheduling';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { semanticEqual } from '@binnacle/machinery-validation';
import { type ClaimsAndVolumes, claimsAndVolumes } from '../persistent-volumes/claims-and-volumes.js';
import { type ModificationPlan, planModification } from './modification-plan.js';

const CLAIMS_BY_ATTRIBUTES = 'claimsByAttributes';

interface ModifierOptions extends ClaimsAndVolumes {
  readonly classes: Lister<VolumeAttributesClass>;
  readonly recorder: EventRecorder;
}

/** What a simulated volume's attributes are is what its class says: there is nothing more to change. */
class Modifier implements Reconciler {
  constructor(private readonly options: ModifierOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { claims, volumes, classes } = this.options;
    const claim = claims.get(key);
    const volume = claim && volumes.get(claim.spec?.volumeName ?? '');
    if (!claim || !volume) return done;
    const plan = planModification(claim, volume, (name) => classes.get(name));
    if (plan.act === 'wait') await this.wait(ctx, claim, plan);
    else if (plan.act === 'modify') await this.modify(ctx, claim, volume, plan.target);
    else if (plan.act === 'settle') await this.report(ctx, claim, { modifyVolumeStatus: null });
    return done;
  }

  private async wait(
    ctx: Context,
    claim: PersistentVolumeClaim,
    { target, status, why }: Extract<ModificationPlan, { act: 'wait' }>,
  ): Promise<void> {
    const modifyVolumeStatus = { targetVolumeAttributesClassName: target, status };
    if (semanticEqual(claim.status?.modifyVolumeStatus, modifyVolumeStatus)) return;
    this.options.recorder.event(claim, 'Warning', 'VolumeModifyFailed', why);
    await this.report(ctx, claim, { modifyVolumeStatus });
  }

  private async modify(
    ctx: Context,
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
    target: string,
  ): Promise<void> {
    const { volumes, volumeClient, recorder } = this.options;
    const { name = '', uid } = volume.metadata;
    const about = `volume ${name} with vac ${target}`;
    recorder.event(claim, 'Normal', 'VolumeModify', `external resizer is modifying ${about}`);
    const modifyVolumeStatus = { targetVolumeAttributesClassName: target, status: 'InProgress' };
    await this.report(ctx, claim, { modifyVolumeStatus });
    const patch = { metadata: { uid }, spec: { volumeAttributesClassName: target } };
    const written = await volumeClient.patch(ctx, { name }, 'merge', patch);
    await volumes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    await this.report(ctx, claim, { currentVolumeAttributesClassName: target, modifyVolumeStatus: null });
    recorder.event(claim, 'Normal', 'VolumeModifySuccessful', `external resizer modified ${about} successfully`);
  }

  private async report(ctx: Context, { metadata }: PersistentVolumeClaim, status: object): Promise<void> {
    const { claims, claimClient } = this.options;
    const { name = '', namespace, uid } = metadata;
    const written = await claimClient.patch(ctx, { name, namespace }, 'merge', { metadata: { uid }, status }, 'status');
    await claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

/** Gives our own volumes the attributes their claims ask for. */
export function modifierController(ctx: Context, deps: ControllerDeps): Controller {
  const storage = claimsAndVolumes(deps);
  const { claims, volumes } = storage;
  claims.addIndex(CLAIMS_BY_ATTRIBUTES, ({ spec }) =>
    spec?.volumeAttributesClassName ? [spec.volumeAttributesClassName] : [],
  );
  const classes = deps.informers.for<VolumeAttributesClass>(refs.volumeattributesclasses);
  const recorder = createEventRecorder(ctx, deps.client, { component: 'binnacle.dev/resizer' });
  const waitingFor = ({ metadata }: VolumeAttributesClass) =>
    claims.byIndex(CLAIMS_BY_ATTRIBUTES, metadata.name ?? '').map(keyOf);
  return createController({
    name: 'volume-modifier',
    reconciler: new Modifier({ ...storage, classes, recorder }),
    sources: [fromObjects(claims), fromMapped(volumes, claimKeyOf), fromMapped(classes, waitingFor)],
  });
}
