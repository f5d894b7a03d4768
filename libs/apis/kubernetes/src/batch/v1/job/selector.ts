import { matcherIfReadable } from '@binnacle/apis-registry';
import { type FieldError, type FieldPath, fieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { Job } from '../index.js';

const LABEL_CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';
const LABEL_JOB_NAME = 'batch.kubernetes.io/job-name';
const LEGACY_CONTROLLER_UID = 'controller-uid';
const LEGACY_JOB_NAME = 'job-name';

const metadataOf = ({ metadata: { uid = '', name = '' } }: Job) => ({ uid, name });

/** Which labels mark the Pods of a Job: its uid and name, by an old and a new key each. */
function ownLabels(job: Job, prefixed: boolean): Record<string, string> {
  const { uid, name } = metadataOf(job);
  const legacy = { [LEGACY_CONTROLLER_UID]: uid, [LEGACY_JOB_NAME]: name };
  return prefixed ? { ...legacy, [LABEL_CONTROLLER_UID]: uid, [LABEL_JOB_NAME]: name } : legacy;
}

/**
 * Unless its selector is made by hand, a Job finds its Pods by its own uid. One that took its labels of the template has these
 * too. Behaves as kubernetes generateSelector.
 */
export function generateSelector(job: Job): void {
  const { spec } = job;
  if (!spec || spec.manualSelector) return;
  const metadata = spec.template.metadata ?? {};
  const labels = { ...ownLabels(job, true), ...metadata.labels };
  const { labels: own, generateName } = job.metadata;
  // Upstream fills one map for both, unless making a name copied them.
  const shared = own === metadata.labels && !generateName;
  if (shared || Object.keys(own ?? {}).length === 0) job.metadata.labels = { ...labels };
  spec.template.metadata = { ...metadata, labels };
  const matchLabels = { [LABEL_CONTROLLER_UID]: metadataOf(job).uid, ...spec.selector?.matchLabels };
  spec.selector = { ...spec.selector, matchLabels };
}

function validateHasLabel(job: Job, key: string, expected: string, path: FieldPath): FieldError[] {
  const value = job.spec?.template.metadata?.labels?.[key];
  const at = path.child('labels');
  if (value === undefined) return [required(at.key(key), `must be '${expected}'`)];
  if (value === expected) return [];
  return [invalid(at.key(key), job.spec?.template.metadata?.labels, `must be '${expected}'`)];
}

const prefixedLabels = (job: Job): boolean => {
  const labels = job.spec?.template.metadata?.labels ?? {};
  return LABEL_JOB_NAME in labels && LABEL_CONTROLLER_UID in labels;
};

/**
 * A selector and labels that were made must be those of the Job. One that is older than the labels with a prefix, which
 * its stored form `old` shows, needs none. Behaves as kubernetes validateGeneratedSelector.
 */
export function validateGeneratedSelector(job: Job, old?: Job): FieldError[] {
  const { spec } = job;
  if (!spec?.selector || spec.manualSelector) return [];
  const { uid, name } = metadataOf(job);
  const prefixed = !old || prefixedLabels(old);
  const at = fieldPath('spec', 'template', 'metadata');
  const keys: [key: string, value: string][] = [
    [LEGACY_CONTROLLER_UID, uid],
    [LEGACY_JOB_NAME, name],
    ...(prefixed
      ? ([
          [LABEL_CONTROLLER_UID, uid],
          [LABEL_JOB_NAME, name],
        ] as [string, string][])
      : []),
  ];
  const selected = matcherIfReadable(spec.selector)?.matches(ownLabels(job, prefixed)) ?? true;
  return [
    ...(uid ? [] : [required(fieldPath('metadata', 'uid'))]),
    ...keys.flatMap(([key, value]) => validateHasLabel(job, key, value, at)),
    ...(selected ? [] : [invalid(fieldPath('spec', 'selector'), spec.selector, '`selector` not auto-generated')]),
  ];
}
