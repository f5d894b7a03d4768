import type { Pod } from '../../../core/v1/index.js';

export const NODE_NAME_FIELD = 'metadata.name';

/** The node a daemon runs on or is meant for; undefined where it says neither. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const named = terms
    .flatMap(({ matchFields = [] }) => matchFields)
    .find(({ key, operator }) => key === NODE_NAME_FIELD && operator === 'In');
  return named?.values?.length === 1 ? named.values[0] : undefined;
}
