import { podClaimName, whyNotForPod } from '@binnacle/apis-kubernetes/devices';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { DeviceClass, DeviceRequest, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';

/** The claims of a Pod, or why no node can take it. */
export type PodClaims = readonly ResourceClaim[] | { readonly problem: string };

type ClaimNamed = (key: string) => ResourceClaim | undefined;

function claimAt(pod: Pod, name: string, generated: boolean, claimNamed: ClaimNamed): ResourceClaim | string {
  const claim = claimNamed(`${pod.metadata.namespace}/${name}`);
  if (!claim) return `resourceclaim.resource.k8s.io "${name}" not found`;
  if (claim.metadata.deletionTimestamp) return `resourceclaim "${name}" is being deleted`;
  return (generated && whyNotForPod(pod, claim)) || claim;
}

/** Behaves as kubernetes dynamicresources foreachPodResourceClaim. */
export function claimsOfPod(pod: Pod, claimNamed: ClaimNamed): PodClaims {
  const claims: ResourceClaim[] = [];
  for (const wanted of pod.spec?.resourceClaims ?? []) {
    const found = podClaimName(pod, wanted);
    if (found.kind === 'missing') return { problem: found.message };
    if (found.kind === 'none') continue;
    const claim = claimAt(pod, found.name, found.generated, claimNamed);
    if (typeof claim === 'string') return { problem: claim };
    claims.push(claim);
  }
  // Two names in a Pod may stand for one claim.
  return [...new Set(claims)];
}

type ClassNamed = (name: string) => DeviceClass | undefined;

function classesOf({ name, exactly, firstAvailable = [] }: DeviceRequest): Array<readonly [string, string]> {
  if (exactly) return [[name, exactly.deviceClassName]];
  return firstAvailable.map((one) => [`${name}/${one.name}`, one.deviceClassName]);
}

/** The first class that a claim names and that is not there, in words; a Pod waits for it. */
export function missingClass({ spec }: ResourceClaim, classNamed: ClassNamed): string | undefined {
  for (const [request, name] of (spec.devices?.requests ?? []).flatMap(classesOf)) {
    if (!classNamed(name)) return `request ${request}: device class ${name} does not exist`;
  }
  return undefined;
}
