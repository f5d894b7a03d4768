import type { Pod } from '../../../core/v1/index.js';
import { LABEL_CONTROLLER_REVISION_HASH } from '../../../well-known/index.js';
import type { DaemonSet } from '../index.js';

const ANNOTATION_TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
export const LABEL_TEMPLATE_GENERATION = 'pod-template-generation';

/** How often the template was changed, as the set's annotation says; undefined where it says no number. */
export function templateGenerationOf({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[ANNOTATION_TEMPLATE_GENERATION];
  return text !== undefined && /^[+-]?\d+$/.test(text) ? String(Number(text)) : undefined;
}

/** Whether the Pod has the template the set has now. */
export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const { labels = {} } = pod.metadata;
  const generation = templateGenerationOf(set);
  const sameGeneration = generation !== undefined && labels[LABEL_TEMPLATE_GENERATION] === generation;
  return sameGeneration || labels[LABEL_CONTROLLER_REVISION_HASH] === hash;
}
