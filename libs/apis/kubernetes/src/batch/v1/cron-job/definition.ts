import { namedPodsWarnings } from '../../../core/v1/pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { fieldPath } from '@binnacle/machinery-validation';
import { addressOf, allVerbs, fillStatus, specAndStatus, statusSubresource } from '@binnacle/apis-registry';
import type { CronJob, CronJobSpec, JobSpec } from '../index.js';
import { applyJobSpecDefaults } from '../job/defaults.js';
import { jobSpecWarnings } from '../job/warnings.js';
import { printer } from './printer.js';
import { validateCronJobUpdate, validateNewCronJob } from './validation.js';

const SUCCESSFUL_JOBS = 3;
const FAILED_JOBS = 1;

/** Behaves as kubernetes pkg/apis/batch/v1 SetDefaults_CronJob; the Jobs it makes get theirs when they are made. */
function applyDefaults(job: CronJob): void {
  job.spec ??= {} as CronJobSpec;
  const { spec } = job;
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= SUCCESSFUL_JOBS;
  spec.failedJobsHistoryLimit ??= FAILED_JOBS;
  spec.jobTemplate ??= {};
  spec.jobTemplate.metadata ??= {};
  spec.jobTemplate.spec ??= {} as JobSpec;
  applyJobSpecDefaults(spec.jobTemplate.spec);
  fillStatus(job, {});
}

// The path is upstream's own, which says `spec` twice.
const ZONE =
  'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';

function warnings(next: CronJob, old?: CronJob): string[] {
  const said = jobSpecWarnings(next.spec?.jobTemplate?.spec, fieldPath('spec', 'jobTemplate', 'spec'));
  if (!old) return [...namedPodsWarnings(next), ...said];
  const zoned = next.spec?.schedule?.includes('TZ') ? [ZONE] : [];
  return next.metadata.generation === old.metadata.generation ? zoned : [...said, ...zoned];
}

export const cronJobs = defineResource<CronJob>({
  ...addressOf(refs.cronjobs, ['cj'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.batch.v1.CronJob',
  roles: ['view', 'edit'],
  example: {
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx' }] } } },
      },
    },
  },
  strategy: {
    applyDefaults,
    prepareForCreate: specAndStatus.create(() => ({})),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validateCreate: validateNewCronJob,
    validateUpdate: validateCronJobUpdate,
    warnings,
    allowUnconditionalUpdate: true,
  },
  relations: [{ field: 'jobs', description: 'The Jobs it made.', to: refs.jobs, usual: 4, find: { by: 'controller' } }],
  printer,
  fields: {},
});
