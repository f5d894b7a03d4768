import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists, isNotFound, type KubeObject } from '@binnacle/machinery-meta';
import { claimNames, claimsOf, storageMatches, withClaims } from './claims.js';
import type { StatefulSetEvents } from './events.js';
import { identityLabels, identityMatches, ordinalOf } from './identity.js';
import type { Step } from './plan.js';
import { hasOtherController, planOwners } from './retention.js';

export interface MemberWriterOptions {
  readonly pods: SharedInformer<Pod>;
  readonly podClient: ResourceClient<Pod>;
  readonly claims: SharedInformer<PersistentVolumeClaim>;
  readonly claimClient: ResourceClient<PersistentVolumeClaim>;
  readonly events: StatefulSetEvents;
}

const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? '';

/** Carries out the steps of a plan, waits until the local copies have them and tells of them. */
export class MemberWriter {
  constructor(private readonly options: MemberWriterOptions) {}

  async carryOut(ctx: Context, set: StatefulSet, { act, pod }: Step): Promise<void> {
    if (act === 'create') await this.create(ctx, set, pod);
    else if (act === 'claim') await this.fillClaims(ctx, set, pod);
    else if (act === 'mend') await this.told('Update', set, pod, () => this.mend(ctx, set, pod));
    else if (act === 'retain') await this.told('Update', set, pod, () => this.retain(ctx, set, pod));
    // Of claims whose Pod is to go anyway upstream tells nothing.
    else if (act === 'release') await this.retain(ctx, set, pod);
    else await this.told('Delete', set, pod, () => this.delete(ctx, pod));
  }

  private async told(verb: 'Create' | 'Update' | 'Delete', set: StatefulSet, pod: Pod, work: () => Promise<void>) {
    const { events } = this.options;
    try {
      await work();
    } catch (error) {
      events.pod(verb, set, nameOf(pod), error);
      throw error;
    }
    events.pod(verb, set, nameOf(pod));
  }

  /** Its claims come first; a Pod of that name that is still there is waited for, which is nothing to tell of. */
  private async create(ctx: Context, set: StatefulSet, pod: Pod): Promise<void> {
    const { pods, podClient, events } = this.options;
    try {
      await this.createClaims(ctx, set, pod);
      const made = await podClient.create(ctx, pod);
      await pods.waitFor(ctx, made.metadata.resourceVersion ?? '0');
      await this.retain(ctx, set, made);
    } catch (error) {
      if (!isAlreadyExists(error)) events.pod('Create', set, nameOf(pod), error);
      throw error;
    }
    events.pod('Create', set, nameOf(pod));
  }

  private async fillClaims(ctx: Context, set: StatefulSet, pod: Pod): Promise<void> {
    await this.createClaims(ctx, set, pod);
    await this.retain(ctx, set, pod);
  }

  private async createClaims(ctx: Context, set: StatefulSet, pod: Pod): Promise<void> {
    for (const claim of claimsOf(set, pod)) {
      const existing = this.options.claims.get(keyOf(claim));
      if (existing?.metadata.deletionTimestamp) throw new Error(`pvc ${nameOf(claim)} is being deleted`);
      if (!existing) await this.createClaim(ctx, set, pod, claim);
    }
  }

  private async createClaim(ctx: Context, set: StatefulSet, pod: Pod, claim: PersistentVolumeClaim): Promise<void> {
    const { claims, claimClient, events } = this.options;
    try {
      const made = await claimClient.create(ctx, claim);
      await claims.waitFor(ctx, made.metadata.resourceVersion ?? '0');
    } catch (error) {
      if (!isAlreadyExists(error)) events.claim(set, nameOf(pod), nameOf(claim), error);
      throw error;
    }
    events.claim(set, nameOf(pod), nameOf(claim));
  }

  private async mend(ctx: Context, set: StatefulSet, pod: Pod): Promise<void> {
    const { pods, podClient } = this.options;
    const ordinal = ordinalOf(pod);
    const labels = { ...pod.metadata.labels, ...identityLabels(set, ordinal) };
    if (!storageMatches(set, pod)) await this.createClaims(ctx, set, pod);
    const spec = pod.spec && { ...pod.spec, volumes: withClaims(set, pod.spec.volumes, ordinal) };
    const named = identityMatches(set, pod) ? pod : { ...pod, metadata: { ...pod.metadata, labels } };
    const mended = storageMatches(set, pod) ? named : { ...named, spec };
    const written = await podClient.update(ctx, mended);
    await pods.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    await this.retain(ctx, set, pod);
  }

  /** Lets the Pod's claims go with whom the set's retention policy says. */
  private async retain(ctx: Context, set: StatefulSet, pod: Pod): Promise<void> {
    const { claims, claimClient, events } = this.options;
    for (const name of claimNames(set, pod)) {
      const claim = claims.get(`${set.metadata.namespace}/${name}`);
      if (!claim) continue;
      if (hasOtherController(claim, set, pod)) events.conflictingController(set, name);
      const ownerReferences = planOwners(claim, set, pod);
      if (!ownerReferences) continue;
      const written = await claimClient.update(ctx, { ...claim, metadata: { ...claim.metadata, ownerReferences } });
      await claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    }
  }

  private async delete(ctx: Context, pod: Pod): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    try {
      await this.options.podClient.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const going = (now?: Pod) => now?.metadata.uid !== uid || now?.metadata.deletionTimestamp !== undefined;
    await this.options.pods.waitForObject(ctx, keyOf(pod), going);
  }
}
