import {
  type FieldError,
  fieldPath,
  invalid,
  isDns1123Label,
  required,
  semanticEqual,
  validateImmutable,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { validateMeta } from '@binnacle/apis-registry';
import { validateTemplateIsSelected } from '../../../core/v1/pod/template-validation.js';
import type { Job, JobSpec } from '../index.js';
import { validateGeneratedSelector } from './selector.js';
import { validateJobSpec } from './spec-validation.js';
import { validateTemplateUpdate } from './template-update.js';

const SPEC = fieldPath('spec');

function validateSpec(spec: JobSpec): FieldError[] {
  const selector = SPEC.child('selector');
  return [
    ...validateJobSpec(spec, SPEC),
    ...(spec.selector ? validateLabelSelector(spec.selector, selector) : [required(selector)]),
    ...validateTemplateIsSelected(spec.template, spec.selector, SPEC.child('template')),
  ];
}

/** Pods of indexes get their hostname of the name and the index. */
function validateHostnames({ metadata: { name = '' }, spec }: Job): FieldError[] {
  const { completionMode, completions = 0 } = spec ?? {};
  if (completionMode !== 'Indexed' || completions <= 0) return [];
  const longest = `${name}-${completions - 1}`;
  if (isDns1123Label(longest).length === 0) return [];
  const why = `will not able to create pod with invalid DNS label: ${longest}`;
  return [invalid(fieldPath('metadata', 'name'), name, why)];
}

/** Behaves as kubernetes pkg/apis/batch/validation ValidateJob. `old` is the stored form, for an update. */
export function validateJob(job: Job, old?: Job): FieldError[] {
  return [
    ...validateMeta(job, true),
    ...validateGeneratedSelector(job, old),
    ...(job.spec ? validateSpec(job.spec) : []),
    ...validateHostnames(job),
  ];
}

/** How often it must be done can follow how much is done at once, where each time has a number. */
function validateCompletions(next: JobSpec, old: JobSpec): FieldError[] {
  const path = SPEC.child('completions');
  const { completions, parallelism, completionMode } = next;
  if (completionMode !== 'Indexed') return validateImmutable(completions ?? null, old.completions, path);
  if (completions === undefined || semanticEqual(completions, old.completions) || completions === parallelism)
    return [];
  return [invalid(path, completions, 'can only be modified in tandem with spec.parallelism')];
}

const IMMUTABLE = [
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
] as const satisfies readonly (keyof JobSpec)[];

/** Behaves as kubernetes ValidateJobUpdate: what is wrong with the spec is told twice, as upstream does. */
export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const errors = validateJob(next, old);
  const [spec, before] = [next.spec, old.spec];
  if (!spec || !before) return errors;
  return [
    ...errors,
    ...validateSpec(spec),
    ...validateCompletions(spec, before),
    ...validateImmutable(spec.selector, before.selector, SPEC.child('selector')),
    ...validateTemplateUpdate(next, old),
    ...IMMUTABLE.flatMap((field) => validateImmutable(spec[field] ?? null, before[field], SPEC.child(field))),
  ];
}
