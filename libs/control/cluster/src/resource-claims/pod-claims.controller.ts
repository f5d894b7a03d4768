import type { Pod, PodResourceClaimStatus } from '@binnacle/apis-kubernetes/core/v1';
import { consumerReference } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim, ResourceClaimTemplate } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  done,
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
import type { KubeObject } from '@binnacle/machinery-meta';
import { CLAIMS, claimKeysOf, OWNERS, ownerUids, TEMPLATES, templateKeysOf } from './consumers.js';
import { type ClaimsView, planPod, type PodStep, toReserve } from './pod-plan.js';

interface PodClaimsOptions {
  readonly pods: SharedInformer<Pod>;
  readonly podClient: ResourceClient<Pod>;
  readonly claims: SharedInformer<ResourceClaim>;
  readonly claimClient: ResourceClient<ResourceClaim>;
  readonly templates: SharedInformer<ResourceClaimTemplate>;
  readonly recorder: EventRecorder;
}

/** Makes the claims of Pods from their templates. */
class PodClaims implements Reconciler {
  constructor(private readonly options: PodClaimsOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const pod = this.options.pods.get(key);
    if (!pod) return done;
    const view = this.viewOf(pod);
    const made: PodResourceClaimStatus[] = [];
    for (const step of planPod(pod, view)) made.push(await this.act(ctx, pod, step));
    if (made.length > 0) await this.tell(ctx, pod, made);
    for (const claim of toReserve(pod, view.claim)) await this.reserve(ctx, pod, claim);
    return done;
  }

  private viewOf({ metadata }: Pod): ClaimsView {
    const { claims, templates } = this.options;
    return {
      claim: (name) => claims.get(`${metadata.namespace}/${name}`),
      template: (name) => templates.get(`${metadata.namespace}/${name}`),
      own: claims.byIndex(OWNERS, metadata.uid ?? ''),
    };
  }

  private async act(ctx: Context, pod: Pod, step: PodStep): Promise<PodResourceClaimStatus> {
    if (step.act === 'tell') return { name: step.podClaim, resourceClaimName: step.name };
    try {
      if (step.act === 'refuse') throw new Error(step.why);
      const made = await this.options.claimClient.create(ctx, step.claim);
      await this.options.claims.waitFor(ctx, made.metadata.resourceVersion ?? '0');
      return { name: step.podClaim, resourceClaimName: made.metadata.name };
    } catch (error) {
      const message = `PodResourceClaim ${step.podClaim}: ${error instanceof Error ? error.message : String(error)}`;
      this.options.recorder.event(pod, 'Warning', 'FailedResourceClaimCreation', message);
      throw error;
    }
  }

  private async tell(ctx: Context, pod: Pod, resourceClaimStatuses: PodResourceClaimStatus[]): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    const patch = { metadata: { uid }, status: { resourceClaimStatuses } };
    const told = await this.options.podClient.patch(ctx, { name, namespace }, 'strategic', patch, 'status');
    await this.options.pods.waitFor(ctx, told.metadata.resourceVersion ?? '0');
  }

  private async reserve(ctx: Context, pod: Pod, claim: ResourceClaim): Promise<void> {
    const reservedFor = [...(claim.status?.reservedFor ?? []), consumerReference(pod)];
    const written = await this.options.claimClient.updateStatus(ctx, {
      ...claim,
      status: { ...claim.status, reservedFor },
    });
    await this.options.claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

const hasClaims = ({ spec }: Pod): boolean => (spec?.resourceClaims?.length ?? 0) > 0;

function fromPods(pods: SharedInformer<Pod>): Source {
  return fromChanges(pods, (pod, _, enqueue, deleted) => {
    if (!deleted && hasClaims(pod)) enqueue(keyOf(pod));
  });
}

/** What Pods wait for, or has gone that they use. */
function fromUsed<T extends KubeObject>(used: SharedInformer<T>, pods: SharedInformer<Pod>, index: string): Source {
  return fromChanges(used, (object, _, enqueue) => {
    for (const pod of pods.byIndex(index, keyOf(object))) if (hasClaims(pod)) enqueue(keyOf(pod));
  });
}

/** Behaves as kubernetes pkg/controller/resourceclaim syncPod. */
export function podClaimsController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const pods = informers.for<Pod>(refs.pods);
  const claims = informers.for<ResourceClaim>(refs.resourceclaims);
  const templates = informers.for<ResourceClaimTemplate>(refs.resourceclaimtemplates);
  pods.addIndex(CLAIMS, claimKeysOf);
  pods.addIndex(TEMPLATES, templateKeysOf);
  claims.addIndex(OWNERS, ownerUids);
  const podClient = client.resource<Pod>(refs.pods);
  const claimClient = client.resource<ResourceClaim>(refs.resourceclaims);
  const recorder = createEventRecorder(ctx, client, { component: 'resource_claim' });
  return createController({
    name: 'resourceclaim-pod',
    reconciler: new PodClaims({ pods, podClient, claims, claimClient, templates, recorder }),
    sources: [fromPods(pods), fromUsed(claims, pods, CLAIMS), fromUsed(templates, pods, TEMPLATES)],
  });
}
