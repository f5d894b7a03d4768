import { applyPodTemplateDefaults } from '../../../core/v1/pod/defaults.js';
import type { Job, JobSpec } from '../index.js';

const BACKOFF_LIMIT = 6;
const NO_LIMIT = 2 ** 31 - 1;

/** What Jobs and the templates of CronJobs share. */
export function applyJobSpecDefaults(spec: JobSpec): void {
  spec.template ??= {};
  applyPodTemplateDefaults(spec.template);
  for (const { onPodConditions = [] } of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of onPodConditions) pattern.status ||= 'True';
}

/** One Pod, unless something is said of how many. */
function defaultCounts(spec: JobSpec): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : NO_LIMIT;
}

/** Behaves as kubernetes pkg/apis/batch/v1 SetDefaults_Job. */
export function applyJobDefaults(job: Job): void {
  job.spec ??= {} as JobSpec;
  const { spec, metadata } = job;
  defaultCounts(spec);
  applyJobSpecDefaults(spec);
  const labels = spec.template.metadata?.labels;
  // The very same, so that those the template is given yet are found here too.
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  spec.manualSelector ??= false;
}
