import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { ANNOTATION_LAST_APPLIED_CONFIG } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';
import { as } from '../view/kind-view.js';
import { asWritten } from './put-back.js';

/** On a Job that somebody made of a CronJob by hand, as kubectl says it. */
const ANNOTATION_INSTANTIATE = 'cronjob.kubernetes.io/instantiate';
/** The name of a Job is a label of its Pods. */
const LONGEST_NAME = 63;
const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'];
/** Annotations that tell of this one run. */
const OF_ONE_RUN = new Set([
  ANNOTATION_LAST_APPLIED_CONFIG,
  ANNOTATION_INSTANTIATE,
  'batch.kubernetes.io/cronjob-scheduled-timestamp',
]);

/** A name for another run, with a suffix that makes it another. */
export function runName(name: string, suffix: string): string {
  return `${name.slice(0, LONGEST_NAME - suffix.length - 1)}-${suffix}`;
}

/** The Job a CronJob would make now. Behaves as kubectl create job --from=cronjob/…. */
export function jobFromTemplate(object: UnstructuredObject, name: string): UnstructuredObject {
  const { metadata, spec } = as<CronJob>(object);
  const { metadata: given, spec: job } = spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      ...(given?.labels && { labels: given.labels }),
      annotations: { ...given?.annotations, [ANNOTATION_INSTANTIATE]: 'manual' },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          name: metadata.name ?? '',
          uid: metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: job,
  };
}

/** True where it finds its Pods by a selector somebody wrote: another one like it would take them. */
export const selectsByHand = (object: UnstructuredObject): boolean => as<Job>(object).spec?.manualSelector === true;

/** The same Job once more, as somebody might have written it. */
export function jobAgain(object: UnstructuredObject, name: string): UnstructuredObject {
  const written = asWritten(object);
  const { suspend: _, ...spec } = (written.spec ?? {}) as NonNullable<Job['spec']>;
  const labels = spec.template?.metadata?.labels ?? {};
  for (const label of NAME_LABELS) delete labels[label];
  const { annotations = {}, ...metadata } = written.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !OF_ONE_RUN.has(key));
  return { ...written, metadata: { ...metadata, name, annotations: Object.fromEntries(kept) }, spec };
}
