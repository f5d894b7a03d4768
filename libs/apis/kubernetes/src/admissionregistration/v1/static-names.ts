import type { KubeObject } from '@binnacle/machinery-meta';

const SUFFIX = '.static.k8s.io';
const RESERVED = 'are reserved for static manifest-based configurations and cannot be managed via the API';

/** Behaves as kubernetes pkg/apis/admissionregistration/validation WarningsForStaticSuffix. */
export function staticNameWarnings({ metadata: { name = '' } }: KubeObject): string[] {
  return name.endsWith(SUFFIX) ? [`metadata.name: names ending with "${SUFFIX}" ${RESERVED}`] : [];
}
