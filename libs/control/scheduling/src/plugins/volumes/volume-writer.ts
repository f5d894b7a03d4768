import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { ANNOTATION_SELECTED_NODE, boundVolume, isFullyBound } from '../../volumes/volume-facts.js';
import type { VolumeChoice } from './choose-volumes.js';

export interface VolumeWriterOptions {
  /** How long a Pod waits for its volumes before it is tried anew, in milliseconds. */
  readonly timeout: number;
  readonly volumes: SharedInformer<PersistentVolume>;
  readonly volumeClient: Pick<ResourceClient<PersistentVolume>, 'update'>;
  readonly claims: SharedInformer<PersistentVolumeClaim>;
  readonly claimClient: Pick<ResourceClient<PersistentVolumeClaim>, 'patch'>;
}

/** Throws where the claim will not be bound; otherwise tells whether it is. */
function isBoundBy(node: string, chosen: boolean) {
  return (claim: PersistentVolumeClaim | undefined): boolean => {
    if (!claim || claim.metadata.deletionTimestamp) return true;
    if (isFullyBound(claim)) return true;
    return chosen && claim.metadata.annotations?.[ANNOTATION_SELECTED_NODE] !== node;
  };
}

/** Writes what was chosen for a Pod's claims, and waits until they are bound. */
export class VolumeWriter {
  constructor(private readonly options: VolumeWriterOptions) {}

  async bind(
    ctx: Context,
    { found, toMake }: VolumeChoice,
    node: string,
    claims: readonly PersistentVolumeClaim[],
  ): Promise<void> {
    for (const { claim, volume } of found) await this.promise(ctx, volume, claim);
    for (const claim of toMake) await this.select(ctx, claim, node);
    const made = new Set(toMake.map(keyOf));
    await this.within(ctx, (limited) =>
      Promise.all(claims.map((claim) => this.bound(limited, keyOf(claim), node, made.has(keyOf(claim))))),
    );
  }

  /** The controller sees that the volume names the claim, and does the rest. */
  private async promise(ctx: Context, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
    const next = boundVolume(volume, claim);
    if (!next) return;
    const written = await this.options.volumeClient.update(ctx, next);
    await this.options.volumes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }

  private async select(ctx: Context, claim: PersistentVolumeClaim, node: string): Promise<void> {
    const { name = '', namespace, uid } = claim.metadata;
    const patch = { metadata: { uid, annotations: { [ANNOTATION_SELECTED_NODE]: node } } };
    const written = await this.options.claimClient.patch(ctx, { name, namespace }, 'merge', patch);
    await this.options.claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }

  private async bound(ctx: Context, key: string, node: string, chosen: boolean): Promise<void> {
    const { claims } = this.options;
    await claims.waitForObject(ctx, key, isBoundBy(node, chosen));
    const claim = claims.get(key);
    if (claim && isFullyBound(claim)) return;
    const name = key.split('/').at(-1);
    const why =
      claim && !claim.metadata.deletionTimestamp ? `provisioning failed for PVC "${name}"` : `PVC "${name}" is gone`;
    throw new Error(`binding volumes: ${why}`);
  }

  private async within(ctx: Context, work: (limited: Context) => Promise<unknown>): Promise<void> {
    const late = new AbortController();
    const error = new Error('binding volumes: context deadline exceeded');
    const cancel = ctx.clock.after(this.options.timeout, () => late.abort(error));
    try {
      await work(withSignal(ctx, AbortSignal.any([ctx.signal, late.signal])));
    } finally {
      cancel();
    }
  }
}
