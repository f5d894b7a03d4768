import type { Pod, PodResourceClaim } from '@binnacle/apis-kubernetes/core/v1';
import { isReservedForPod, POD_CLAIM_ANNOTATION, podClaimName, whyNotForPod } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim, ResourceClaimTemplate } from '@binnacle/apis-kubernetes/resource/v1';
import { ownerReferenceTo } from '@binnacle/machinery-meta';
import { isPodDone } from './consumers.js';

/** What the plan looks at, all of the Pod's namespace. */
export interface ClaimsView {
  readonly claim: (name: string) => ResourceClaim | undefined;
  readonly template: (name: string) => ResourceClaimTemplate | undefined;
  /** Claims that were made for the Pod. */
  readonly own: readonly ResourceClaim[];
}

/** What a claim of a Pod's spec lacks. */
export type PodStep =
  | { readonly act: 'create'; readonly podClaim: string; readonly claim: ResourceClaim }
  /** It was made, but the Pod does not tell yet. */
  | { readonly act: 'tell'; readonly podClaim: string; readonly name: string }
  | { readonly act: 'refuse'; readonly podClaim: string; readonly why: string };

/** A name of 63 characters, less a hyphen and the five that are put behind. */
const MAX_BASE = 57;

/** Both names are shortened alike where they are too long together, so that something is left of each. */
export function generatedBase(pod: string, claim: string): string {
  const whole = `${pod}-${claim}-`;
  if (whole.length <= MAX_BASE) return whole;
  const cut = (text: string) => text.slice(0, Math.floor((text.length * MAX_BASE) / whole.length));
  return `${cut(pod)}-${cut(claim)}`;
}

function claimFrom(pod: Pod, podClaim: string, { spec }: ResourceClaimTemplate): ResourceClaim {
  const { labels, annotations } = spec.metadata ?? {};
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      generateName: generatedBase(pod.metadata.name ?? '', podClaim),
      namespace: pod.metadata.namespace,
      ...(labels && { labels }),
      annotations: { ...annotations, [POD_CLAIM_ANNOTATION]: podClaim },
      ownerReferences: [{ ...ownerReferenceTo(pod, { apiVersion: 'v1', kind: 'Pod' }), controller: true }],
    },
    spec: spec.spec,
  };
}

/** Whether the claim the Pod tells of is there and is its own. */
function isThere(pod: Pod, podClaim: PodResourceClaim, view: ClaimsView): boolean {
  const found = podClaimName(pod, podClaim);
  if (found.kind !== 'named') return found.kind === 'none';
  const claim = view.claim(found.name);
  return claim !== undefined && (!found.generated || whyNotForPod(pod, claim) === undefined);
}

function stepFor(pod: Pod, podClaim: PodResourceClaim, view: ClaimsView): PodStep[] {
  const { name, resourceClaimTemplateName: templateName } = podClaim;
  if (!templateName || isThere(pod, podClaim, view)) return [];
  const made = view.own.find(({ metadata }) => metadata.annotations?.[POD_CLAIM_ANNOTATION] === name);
  if (made) return [{ act: 'tell', podClaim: name, name: made.metadata.name ?? '' }];
  const template = view.template(templateName);
  if (template) return [{ act: 'create', podClaim: name, claim: claimFrom(pod, name, template) }];
  const missing = `resourceclaimtemplate.resource.k8s.io "${templateName}" not found`;
  return [{ act: 'refuse', podClaim: name, why: `resource claim template "${templateName}": ${missing}` }];
}

/** The claims a Pod's templates lack. Behaves as kubernetes pkg/controller/resourceclaim syncPod. */
export function planPod(pod: Pod, view: ClaimsView): PodStep[] {
  if (pod.metadata.deletionTimestamp || isPodDone(pod)) return [];
  return (pod.spec?.resourceClaims ?? []).flatMap((podClaim) => stepFor(pod, podClaim, view));
}

/** Claims of a Pod that was put on a node by somebody who did not reserve them. */
export function toReserve(pod: Pod, claimNamed: ClaimsView['claim']): ResourceClaim[] {
  if (!pod.spec?.nodeName || pod.metadata.deletionTimestamp || isPodDone(pod)) return [];
  const claims = (pod.spec.resourceClaims ?? []).flatMap((podClaim) => {
    const found = podClaimName(pod, podClaim);
    const claim = found.kind === 'named' ? claimNamed(found.name) : undefined;
    const foreign = found.kind === 'named' && found.generated && claim && whyNotForPod(pod, claim);
    return claim && !foreign ? [claim] : [];
  });
  return [...new Set(claims)].filter((claim) => claim.status?.allocation && !isReservedForPod(claim, pod));
}
