import type { JobCondition, JobSpec } from '@binnacle/apis-kubernetes/batch/v1';
import { judgeFailure } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition, parseTime } from '@binnacle/machinery-meta';
import { trueCondition } from './conditions.js';
import { hasFailed, type JobState } from './job-state.js';
import { metRule } from './success-policy.js';

/** Why a Job ends: the condition that says so, before its Pods have gone. */
type Reason = readonly [reason: string, message: string];

function standing({ job }: JobState, type: string): JobCondition | undefined {
  const condition = findCondition(job.status?.conditions, type);
  return condition?.status === 'True' ? condition : undefined;
}

function restarts({ status }: Pod): number {
  if (status?.phase !== 'Running' && status?.phase !== 'Pending') return 0;
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Containers that are started again in their Pods count as failures too. */
function restartedTooOften({ spec, pods }: JobState): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false;
  const total = pods.reduce((sum, pod) => sum + restarts(pod), 0);
  return total >= Math.max(1, spec.backoffLimit ?? 0);
}

/** When a Job that runs has run for too long. */
export function deadlineOf(spec: JobSpec, startTime: string | undefined): number | undefined {
  const started = parseTime(startTime);
  if (spec.activeDeadlineSeconds === undefined || started === undefined || spec.suspend) return undefined;
  return started + spec.activeDeadlineSeconds * 1000;
}

function policyFailure({ spec, pods }: JobState): Reason | undefined {
  if (!spec.podFailurePolicy) return undefined;
  for (const pod of pods) {
    const failsJob = hasFailed(pod, spec) && judgeFailure(spec.podFailurePolicy, pod).failsJob;
    if (failsJob) return ['PodFailurePolicy', failsJob];
  }
  return undefined;
}

function limitReached(state: JobState, now: number): Reason | undefined {
  const { spec, failed, job } = state;
  if (failed > (spec.backoffLimit ?? 0) || restartedTooOften(state))
    return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  const deadline = deadlineOf(spec, job.status?.startTime);
  if (deadline !== undefined && now >= deadline)
    return ['DeadlineExceeded', 'Job was active longer than specified deadline'];
  return undefined;
}

function indexesFailed({ spec, indexes }: JobState): Reason | undefined {
  if (!indexes?.failed) return undefined;
  const failed = indexes.failed.size;
  if (spec.maxFailedIndexes !== undefined && failed > spec.maxFailedIndexes)
    return ['MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'];
  const allEnded = failed > 0 && failed + indexes.succeeded.size >= indexes.completions;
  return allEnded ? ['FailedIndexes', 'Job has failed indexes'] : undefined;
}

function failure(state: JobState, now: number): Reason | undefined {
  return policyFailure(state) ?? limitReached(state, now) ?? indexesFailed(state);
}

function successByPolicy({ spec, indexes }: JobState): Reason | undefined {
  if (!indexes) return undefined;
  const rule = metRule(spec.successPolicy, indexes.completions, indexes.succeeded);
  return rule === undefined ? undefined : ['SuccessPolicy', `Matched rules at index ${rule}`];
}

/**
 * The condition by which a Job ends, before it has done all it should: what its status says already, then what its Pods show.
 * Nothing is made any more where there is one. Behaves as kubernetes pkg/controller/job syncJob.
 */
export function finishOf(state: JobState, now: number): JobCondition | undefined {
  const met = standing(state, 'SuccessCriteriaMet');
  if (met) return met;
  const target = standing(state, 'FailureTarget');
  if (target) return trueCondition('Failed', target.reason ?? '', target.message ?? '', now);
  const failed = failure(state, now);
  if (failed) return trueCondition('FailureTarget', ...failed, now);
  const succeeded = successByPolicy(state);
  return succeeded && trueCondition('SuccessCriteriaMet', ...succeeded, now);
}

/** The condition of a Job that has done all it should, with `active` Pods left. */
export function completionOf({ spec, succeeded }: JobState, active: number, now: number): JobCondition | undefined {
  const complete = spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions;
  if (!complete || active > 0) return undefined;
  return trueCondition('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods', now);
}
