import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLAIM_FINALIZER } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim, ResourceClaimConsumerReference } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  done,
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
import { ignoreNotFound, withoutFinalizer } from '@binnacle/machinery-meta';
import { type ClaimPlan, planClaim } from './claim-plan.js';
import { claimKeysOf, isPod, isPodDone, owningPod } from './consumers.js';

interface ResourceClaimsOptions {
  readonly claims: SharedInformer<ResourceClaim>;
  readonly claimClient: ResourceClient<ResourceClaim>;
  readonly pods: SharedInformer<Pod>;
  readonly podClient: Pick<ResourceClient<Pod>, 'get'>;
}

/** Takes claims from Pods that have ended, and gives back the devices of those that nobody uses. */
class ResourceClaims implements Reconciler {
  constructor(private readonly options: ResourceClaimsOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const claim = this.options.claims.get(key);
    if (!claim) return done;
    const remaining = await this.remaining(ctx, claim);
    const owner = owningPod(claim);
    const pod = owner && this.options.pods.get(`${claim.metadata.namespace}/${owner.name}`);
    await this.act(ctx, claim, planClaim(claim, remaining, pod));
    return done;
  }

  private async act(ctx: Context, claim: ResourceClaim, { status, unprotect, remove }: ClaimPlan): Promise<void> {
    const { claimClient } = this.options;
    const kept = status ? await claimClient.updateStatus(ctx, { ...claim, status }) : claim;
    const { name = '', namespace, uid, finalizers } = kept.metadata;
    if (unprotect) {
      const metadata = { ...kept.metadata, finalizers: withoutFinalizer(finalizers, CLAIM_FINALIZER) };
      await claimClient.update(ctx, { ...kept, metadata });
    }
    if (remove && !kept.metadata.deletionTimestamp) {
      await ignoreNotFound(claimClient.delete(ctx, { name, namespace }, { preconditions: { uid } }));
    }
  }

  private async remaining(ctx: Context, claim: ResourceClaim): Promise<ResourceClaimConsumerReference[]> {
    const consumers: ResourceClaimConsumerReference[] = [];
    for (const consumer of claim.status?.reservedFor ?? []) {
      if (!isPod(consumer) || (await this.isUsedBy(ctx, claim, consumer))) consumers.push(consumer);
    }
    return consumers;
  }

  /** A Pod that is not known here may be one that the scheduler knows already: the server is asked. */
  private async isUsedBy(ctx: Context, { metadata }: ResourceClaim, { name, uid }: ResourceClaimConsumerReference) {
    const known = this.options.pods.get(`${metadata.namespace}/${name}`);
    if (known) return known.metadata.uid === uid && !isPodDone(known);
    const pod = await ignoreNotFound(this.options.podClient.get(ctx, { name, namespace: metadata.namespace }));
    return pod?.metadata.uid === uid;
  }
}

/** Pods that need their claims no longer. */
function fromPods(pods: SharedInformer<Pod>): Source {
  return fromChanges(pods, (pod, _, enqueue, deleted) => {
    if (!deleted && !isPodDone(pod)) return;
    for (const key of claimKeysOf(pod)) enqueue(key);
  });
}

/** Behaves as kubernetes pkg/controller/resourceclaim. */
export function resourceClaimsController({ client, informers }: ControllerDeps): Controller {
  const claims = informers.for<ResourceClaim>(refs.resourceclaims);
  const claimClient = client.resource<ResourceClaim>(refs.resourceclaims);
  const pods = informers.for<Pod>(refs.pods);
  const podClient = client.resource<Pod>(refs.pods);
  return createController({
    name: 'resourceclaim',
    reconciler: new ResourceClaims({ claims, claimClient, pods, podClient }),
    sources: [fromObjects(claims), fromPods(pods)],
  });
}
