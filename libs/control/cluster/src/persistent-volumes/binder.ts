import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import {
  ANNOTATION_BETA_PROVISIONER,
  ANNOTATION_BIND_COMPLETED,
  ANNOTATION_BOUND_BY_CONTROLLER,
  ANNOTATION_PROVISIONER,
  boundVolume,
  hasAnnotation,
} from '@binnacle/control-scheduling';
import type { Context } from '@binnacle/machinery-context';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { ClaimsAndVolumes } from './claims-and-volumes.js';

const YES = 'yes';

/** The claim as it says that it has the volume; undefined where it says so already. */
function boundClaim(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim | undefined {
  const chosen = claim.spec?.volumeName !== volume.metadata.name;
  if (!chosen && hasAnnotation(claim, ANNOTATION_BIND_COMPLETED)) return undefined;
  const annotations = {
    ...claim.metadata.annotations,
    [ANNOTATION_BIND_COMPLETED]: YES,
    ...(chosen && { [ANNOTATION_BOUND_BY_CONTROLLER]: YES }),
  };
  const spec = { ...claim.spec, volumeName: volume.metadata.name };
  return { ...claim, metadata: { ...claim.metadata, annotations }, ...(chosen && { spec }) };
}

/** What a claim that has the volume reports; its size only when it gets the volume, since it may grow later than that does. */
export function boundStatus(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim['status'] {
  const { accessModes, capacity, volumeAttributesClassName } = volume.spec ?? {};
  const gets = claim.status?.phase !== 'Bound';
  const attributes = claim.status?.phase === 'Pending' && volumeAttributesClassName !== undefined;
  return {
    ...claim.status,
    phase: 'Bound',
    accessModes,
    ...(gets && { capacity }),
    ...(attributes && { currentVolumeAttributesClassName: volumeAttributesClassName }),
  };
}

/** Writes what binds claims and volumes, and waits until the local copies have it. What is so already is not written. */
export class Binder {
  constructor(private readonly options: ClaimsAndVolumes) {}

  /** The volume first: two claims that want it meet there, and one of them loses. */
  async bind(ctx: Context, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
    const next = boundVolume(volume, claim);
    const ours = next ? await this.writeVolume(ctx, next) : volume;
    await this.phase(ctx, ours, 'Bound');
    const named = boundClaim(claim, ours);
    const having = named ? await this.writeClaim(ctx, named) : claim;
    await this.claimStatus(ctx, having, boundStatus(having, ours));
  }

  async phase(ctx: Context, volume: PersistentVolume, phase: string, message = ''): Promise<void> {
    const { message: told = '', ...status } = volume.status ?? {};
    if (status.phase === phase && told === message) return;
    const next = { ...volume, status: { ...status, phase, ...(message && { message }) } };
    const written = await this.options.volumeClient.updateStatus(ctx, next);
    await this.options.volumes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }

  /** A claim without a volume: it has no size and no modes. */
  async unclaimed(ctx: Context, claim: PersistentVolumeClaim, phase: 'Pending' | 'Lost'): Promise<void> {
    const { accessModes: _m, capacity: _c, currentVolumeAttributesClassName: _a, ...status } = claim.status ?? {};
    await this.claimStatus(ctx, claim, { ...status, phase });
  }

  /** Asks a provisioner to make the claim a volume. */
  async askFor(ctx: Context, claim: PersistentVolumeClaim, provisioner: string): Promise<void> {
    if (claim.metadata.annotations?.[ANNOTATION_PROVISIONER] === provisioner) return;
    const asked = { [ANNOTATION_BETA_PROVISIONER]: provisioner, [ANNOTATION_PROVISIONER]: provisioner };
    const annotations = { ...claim.metadata.annotations, ...asked };
    await this.writeClaim(ctx, { ...claim, metadata: { ...claim.metadata, annotations } });
  }

  async classify(ctx: Context, claim: PersistentVolumeClaim, storageClassName: string): Promise<void> {
    await this.writeClaim(ctx, { ...claim, spec: { ...claim.spec, storageClassName } });
  }

  async writeVolume(ctx: Context, volume: PersistentVolume): Promise<PersistentVolume> {
    const written = await this.options.volumeClient.update(ctx, volume);
    await this.options.volumes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }

  private async writeClaim(ctx: Context, claim: PersistentVolumeClaim): Promise<PersistentVolumeClaim> {
    const written = await this.options.claimClient.update(ctx, claim);
    await this.options.claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }

  private async claimStatus(ctx: Context, claim: PersistentVolumeClaim, status: PersistentVolumeClaim['status']) {
    if (semanticEqual(status, claim.status)) return;
    const written = await this.options.claimClient.updateStatus(ctx, { ...claim, ...(status && { status }) });
    await this.options.claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
