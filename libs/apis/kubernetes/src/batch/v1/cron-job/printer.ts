import { formatLabelSelector } from '@binnacle/machinery-selectors';
import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  nameColumn,
  nameOf,
  NONE,
  since,
  UNSET,
} from '@binnacle/apis-registry';
import { selectorColumn, templateCells, templateColumns } from '../../../core/v1/pod-template/columns.js';
import type { CronJob } from '../index.js';

const suspendedText = (suspend: boolean | undefined): string =>
  suspend === undefined ? UNSET : suspend ? 'True' : 'False';

function scheduleCells({ spec }: CronJob): string[] {
  const { schedule = '', timeZone = NONE, suspend } = spec ?? {};
  return [schedule, timeZone, suspendedText(suspend)];
}

function runCells({ status }: CronJob, now: number): [active: number, last: string] {
  const { active = [], lastScheduleTime } = status ?? {};
  return [active.length, lastScheduleTime ? since(lastScheduleTime, now) : NONE];
}

export const printer: TablePrinter<CronJob> = {
  columns: [
    nameColumn,
    column('Schedule', 'When Jobs are made, as cron writes it.'),
    column('Timezone', 'The time zone of the schedule.'),
    column('Suspend', 'Whether no more Jobs are made.', { type: 'boolean' }),
    column('Active', 'Jobs that are under way.', { type: 'integer' }),
    column('Last Schedule', 'Time since a Job was made last.'),
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
  row: (job, now) => {
    const { template, selector } = job.spec?.jobTemplate?.spec ?? {};
    return [
      nameOf(job),
      ...scheduleCells(job),
      ...runCells(job, now),
      ageOf(job, now),
      ...templateCells(template),
      formatLabelSelector(selector),
    ];
  },
};
