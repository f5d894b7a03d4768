import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { claimUses } from '@binnacle/control-scheduling';

/** Index function: the claims a Pod uses, as keys; those of its ephemeral volumes too. */
export const CLAIMS = 'claims';

export const claimKeysOf = (pod: Pod): string[] => claimUses(pod).map(({ key }) => key);
