import type { ControllerRevision } from '@binnacle/apis-kubernetes/apps/v1';
import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import { semanticEqual } from '@binnacle/machinery-validation';
import { canonical } from './template-hash.js';

interface TemplatePatch {
  readonly spec?: { readonly template?: PodTemplateSpec & { readonly $patch?: string } };
}

/**
 * What a revision remembers of a Pod template: the strategic merge patch that brings it back, which is what `kubectl rollout
 * undo` sends. Keys are sorted, as clients that compare bytes write them.
 */
export function templateData(template: PodTemplateSpec): unknown {
  return JSON.parse(canonical({ spec: { template: { ...template, $patch: 'replace' } } }));
}

/** The template a revision remembers. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { $patch: _, ...template } = (data as TemplatePatch | undefined)?.spec?.template ?? {};
  return template;
}

/** Whether two revisions remember the same; how it was written down does not count. */
export function sameData(left: unknown, right: unknown): boolean {
  return semanticEqual(left, right);
}
