import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { hasCondition } from '@binnacle/apis-kubernetes/batch/v1/job';
import type { EventRecorder } from '@binnacle/client-controller';

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
/** As Go writes RFC 1123 with a zone in numbers. */
const inUtc = (time: number): string => new Date(time).toUTCString().replace('GMT', '+0000');

/** What is told about one CronJob, in upstream's words. */
export class CronJobEvents {
  constructor(
    private readonly recorder: EventRecorder,
    private readonly cron: CronJob,
  ) {}

  created = (job: Job): void => this.normal('SuccessfulCreate', `Created job ${job.metadata.name}`);
  deleted = (job: Job): void => this.normal('SuccessfulDelete', `Deleted job ${job.metadata.name}`);
  missing = (name = ''): void => this.normal('MissingJob', `Active job went missing: ${name}`);
  alreadyActive = (): void =>
    this.normal(
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    );

  completed = (job: Job): void => {
    const condition = hasCondition(job, 'Complete') ? 'Complete' : 'Failed';
    this.normal('SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${condition}`);
  };

  unexpected = (job: Job): void =>
    this.warn('UnexpectedJob', `Saw a job that the controller did not create or forgot: ${job.metadata.name}`);
  failedCreate = (error: unknown): void => this.warn('FailedCreate', `Error creating job: ${text(error)}`);
  failedDelete = (error: unknown): void => this.warn('FailedDelete', `Deleted job: ${text(error)}`);
  missed = (time: number): void => this.warn('MissSchedule', `Missed scheduled time to start a job: ${inUtc(time)}`);
  unknownZone = (zone: string): void =>
    this.warn('UnknownTimeZone', `invalid timeZone: ${JSON.stringify(zone)}: unknown time zone ${zone}`);
  unreadable = (schedule: string, problem: string): void =>
    this.warn('UnparseableSchedule', `unparseable schedule: ${JSON.stringify(schedule)} : ${problem}`);

  tooManyMissed = (): void => {
    const what = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    this.warn('TooManyMissedTimes', `too many missed start times. ${what}`);
  };

  zoneInSchedule = (schedule: string): void => {
    const where = 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/';
    const what = `CRON_TZ or TZ used in schedule ${JSON.stringify(schedule)} is not officially supported`;
    this.warn('UnsupportedSchedule', `${what}, see ${where} for more details`);
  };

  private normal(reason: string, message: string): void {
    this.recorder.event(this.cron, 'Normal', reason, message);
  }

  private warn(reason: string, message: string): void {
    this.recorder.event(this.cron, 'Warning', reason, message);
  }
}
