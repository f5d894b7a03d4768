import { refs } from '../../../refs/index.js';
import { usageKind } from '../base.js';
import type { WorkloadUsage } from '../index.js';
import { WORKLOAD_USAGE } from '../schema.js';

/** Added up of what is kept of Pods. */
export const workloadUsages = usageKind(refs.workloadusages, WORKLOAD_USAGE, {
  'workload.kind': (object) => (object as Partial<WorkloadUsage>).workload?.kind ?? '',
});
