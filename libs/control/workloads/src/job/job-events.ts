import type { Job, JobCondition, JobStatus } from '@binnacle/apis-kubernetes/batch/v1';
import type { EventRecorder } from '@binnacle/client-controller';

export interface JobEvents {
  suspension(job: Job, event: 'Suspended' | 'Resumed'): void;
  finished(job: Job, status: JobStatus, last: JobCondition): void;
}

export function jobEvents(recorder: EventRecorder): JobEvents {
  return {
    suspension: (job, event) => recorder.event(job, 'Normal', event, `Job ${event.toLowerCase()}`),
    finished: (job, { succeeded = 0 }, { type, reason = '', message = '' }) => {
      if (type !== 'Complete') return recorder.event(job, 'Warning', reason, message);
      const tooMany = 'Too many succeeded pods running after completion count reached';
      const { completions } = job.spec ?? {};
      if (completions !== undefined && succeeded > completions)
        recorder.event(job, 'Warning', 'TooManySucceededPods', tooMany);
      recorder.event(job, 'Normal', 'Completed', 'Job completed');
    },
  };
}
