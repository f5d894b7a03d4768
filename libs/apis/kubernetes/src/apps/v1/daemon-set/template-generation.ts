import { type FieldError, fieldPath, semanticEqual, validateNonNegative } from '@binnacle/machinery-validation';
import type { DaemonSet } from '../index.js';

/** A field of the versions before v1, which every writer of a template counts on and v1 carries as an annotation. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

const generationOf = ({ metadata }: DaemonSet): number => {
  const count = Number(metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  return Number.isInteger(count) ? count : 0;
};

function setGeneration({ metadata }: DaemonSet, count: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(count) };
}

export function startTemplateGeneration(set: DaemonSet): void {
  setGeneration(set, generationOf(set) < 1 ? 1 : generationOf(set));
}

/** Nobody sets it: it moves with the template. */
export function countTemplateGeneration(next: DaemonSet, old: DaemonSet): void {
  const changed = !semanticEqual(next.spec?.template, old.spec?.template);
  setGeneration(next, generationOf(old) + Number(changed));
}

export function keepTemplateGeneration(next: DaemonSet, old: DaemonSet): void {
  setGeneration(next, generationOf(old));
}

export const sameTemplateGeneration = (next: DaemonSet, old: DaemonSet): boolean =>
  generationOf(next) === generationOf(old);

export function validateTemplateGeneration(set: DaemonSet): FieldError[] {
  return validateNonNegative(generationOf(set), fieldPath('spec', 'templateGeneration'));
}
