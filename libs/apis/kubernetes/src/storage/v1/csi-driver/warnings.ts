import { semanticEqual } from '@binnacle/machinery-validation';
import type { CSIDriver } from '../index.js';

const IN_SECRETS =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

/** Told when tokens are first asked for, and whenever other ones are. */
export function csiDriverWarnings({ spec }: CSIDriver, old?: CSIDriver): string[] {
  const { tokenRequests = [], serviceAccountTokenInSecrets } = spec ?? {};
  if (tokenRequests.length === 0 || serviceAccountTokenInSecrets !== undefined) return [];
  return old && semanticEqual(tokenRequests, old.spec?.tokenRequests) ? [] : [IN_SECRETS];
}
