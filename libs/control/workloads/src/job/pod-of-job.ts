import { failuresBefore, ignoredFailuresBefore, judgeFailure } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Container, EnvVar, Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import {
  ANNOTATION_JOB_INDEX_FAILURE_COUNT,
  ANNOTATION_JOB_INDEX_IGNORED_FAILURE_COUNT,
  JOB_COMPLETION_INDEX,
  JOB_TRACKING_FINALIZER,
} from '@binnacle/apis-kubernetes/well-known';
import { withFinalizer } from '@binnacle/machinery-meta';
import { podFromTemplate } from '../pods/pod-template.js';
import type { JobState } from './job-state.js';

const INDEX_VARIABLE: EnvVar = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { fieldPath: `metadata.labels['${JOB_COMPLETION_INDEX}']` } },
};

/** What the server may add five characters to. */
const LONGEST_GENERATE_NAME = 58;

function withIndexVariable<C extends Pick<Container, 'env'>>(container: C): C {
  const { env = [] } = container;
  return env.some(({ name }) => name === INDEX_VARIABLE.name)
    ? container
    : { ...container, env: [...env, INDEX_VARIABLE] };
}

function indexedSpec(spec: PodSpec, hostname: string): PodSpec {
  return {
    ...spec,
    hostname,
    containers: spec.containers.map(withIndexVariable),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(withIndexVariable) }),
  };
}

function generateName(job: string, index: number): string {
  const suffix = `-${index}-`;
  return job.slice(0, LONGEST_GENERATE_NAME - suffix.length) + suffix;
}

/** How often its index was tried before, to be known when this one fails too. */
function failureCounts({ spec, indexes }: JobState, index: number): Record<string, string> {
  if (spec.backoffLimitPerIndex === undefined) return {};
  const replaced = indexes?.awaited.get(index);
  if (!replaced) return { [ANNOTATION_JOB_INDEX_FAILURE_COUNT]: '0' };
  const { counts } = judgeFailure(spec.podFailurePolicy, replaced);
  const ignored = ignoredFailuresBefore(replaced) + (counts ? 0 : 1);
  return {
    [ANNOTATION_JOB_INDEX_FAILURE_COUNT]: String(failuresBefore(replaced) + (counts ? 1 : 0)),
    ...(ignored > 0 && { [ANNOTATION_JOB_INDEX_IGNORED_FAILURE_COUNT]: String(ignored) }),
  };
}

function withIndex(state: JobState, pod: Pod, index: number): Pod {
  const { name = '' } = state.job.metadata;
  const { labels, annotations } = pod.metadata;
  const metadata = {
    ...pod.metadata,
    generateName: generateName(name, index),
    labels: { ...labels, [JOB_COMPLETION_INDEX]: String(index) },
    annotations: { ...annotations, [JOB_COMPLETION_INDEX]: String(index), ...failureCounts(state, index) },
  };
  return { ...pod, metadata, ...(pod.spec && { spec: indexedSpec(pod.spec, `${name}-${index}`) }) };
}

/** The Pod a Job makes, for one of its indexes where it has them. */
export function podOfJob(state: JobState, index: number | undefined): Pod {
  const made = podFromTemplate(state.job, state.spec.template);
  const finalizers = withFinalizer(made.metadata.finalizers, JOB_TRACKING_FINALIZER);
  const pod = { ...made, metadata: { ...made.metadata, finalizers } };
  return index === undefined ? pod : withIndex(state, pod, index);
}
