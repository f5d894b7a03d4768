import { namedPodsWarnings } from '../../../core/v1/pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { fieldPath } from '@binnacle/machinery-validation';
import { addressOf, allVerbs, fillStatus, specAndStatus, statusSubresource } from '@binnacle/apis-registry';
import { quote } from '@binnacle/machinery-meta';
import type { Job } from '../index.js';
import { applyJobDefaults } from './defaults.js';
import { printer } from './printer.js';
import { generateSelector } from './selector.js';
import { validateJobStatusUpdate } from './status-validation.js';
import { validateJob, validateJobUpdate } from './validation.js';
import { jobSpecWarnings } from './warnings.js';
import { ofWorkload } from '../../../usage/v1/relations.js';

const PODS_STAY =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';
const create = specAndStatus.create(() => ({}));

function warnings(next: Job, old?: Job): string[] {
  const said = jobSpecWarnings(next.spec, fieldPath('spec'));
  if (!old) return [...namedPodsWarnings(next), ...said];
  return next.metadata.generation === old.metadata.generation ? [] : said;
}

export const jobs = defineResource<Job>({
  ...addressOf(refs.jobs, [], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.batch.v1.Job',
  roles: ['view', 'edit'],
  example: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx' }] } } } },
  strategy: {
    applyDefaults: (job) => {
      applyJobDefaults(job);
      fillStatus(job, {});
    },
    prepareForCreate: (job) => {
      generateSelector(job);
      create(job);
    },
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validateCreate: (job) => validateJob(job),
    validateUpdate: validateJobUpdate,
    validateStatusUpdate: validateJobStatusUpdate,
    warnings,
    allowUnconditionalUpdate: true,
    defaultPropagation: 'Orphan',
    deletionWarning: PODS_STAY,
  },
  relations: [
    ofWorkload('Job'),

    { field: 'pods', description: 'The Pods it controls.', to: refs.pods, usual: 2, find: { by: 'controller' } },
  ],
  printer,
  fields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  unknownField: (field) => `field label ${quote(field)} not supported for Job`,
});
