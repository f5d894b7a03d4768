import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { SimulatedCluster } from '../cluster/simulated-cluster.js';
import type { Told } from '../cluster/store-view.js';
import { dueBetween } from './due-times.js';
import { keyOf } from './snapshot.js';

const MINUTE = 60_000;
/** A Job is made at its time, or as soon as there is somebody again to make it. */
const LATE = 5 * MINUTE;
const INDEX = 'batch.kubernetes.io/job-completion-index';

/** `0,2-4` holds 3. */
function holds(indexes: string, index: number): boolean {
  return indexes.split(',').some((part) => {
    const [low = '', high = low] = part.split('-');
    return part !== '' && Number(low) <= index && index <= Number(high);
  });
}

/** What must be told of what happened, rather than of what there is. */
export class Chronicle {
  /** How often each Job of a CronJob was made, by namespace and name. */
  private readonly made = new Map<string, number>();
  private readonly crons = new Map<string, { readonly cron: CronJob; until?: number }>();
  private readonly from: number;
  readonly violations: string[] = [];
  /** Runs of CronJobs that were due so far. */
  due = 0;

  constructor(private readonly cluster: SimulatedCluster) {
    this.from = cluster.now;
    cluster.view.onChange((told) => this.hear(told));
  }

  /** Told whenever a run that was due for some time has not been made, or was made twice. */
  checkCrons(): void {
    this.due = 0;
    for (const { cron, until = this.cluster.now } of this.crons.values()) this.checkCron(cron, until);
  }

  /** No two machines run one member of a StatefulSet. */
  async checkMembers(): Promise<void> {
    const at = new Map<string, string>();
    for (const machine of this.cluster.machines.values())
      for (const pod of await machine.running()) {
        const [name = ''] = pod.split(' ');
        if (!/\/db-\d+-\d+$/.test(name)) continue;
        const other = at.get(name);
        if (other) this.say(`${name} runs on ${other} and ${machine.name} at once`);
        at.set(name, machine.name);
      }
  }

  private checkCron(cron: CronJob, until: number): void {
    const { schedule = '', timeZone = 'Etc/UTC' } = cron.spec ?? {};
    const from = Math.max(this.from, Date.parse(String(cron.metadata.creationTimestamp)));
    for (const time of dueBetween(schedule, timeZone, from, until - LATE)) {
      this.due += 1;
      const job = `${keyOf(cron)}-${time / MINUTE}`;
      const count = this.made.get(job) ?? 0;
      if (count !== 1) this.say(`${job} (${schedule} in ${timeZone}) was made ${count} times`);
    }
  }

  private hear({ type, resource, object }: Told): void {
    if (resource === 'batch/cronjobs') this.hearCron(object as CronJob, type);
    if (type !== 'ADDED') return;
    const { namespace, name } = object.metadata;
    if (resource === 'batch/jobs')
      this.made.set(`${namespace}/${name}`, (this.made.get(`${namespace}/${name}`) ?? 0) + 1);
    if (resource === 'pods') this.checkIndex(object as Pod);
  }

  private hearCron(cron: CronJob, type: Told['type']): void {
    const { uid = '', deletionTimestamp } = cron.metadata;
    const known = this.crons.get(uid);
    if (!known) this.crons.set(uid, { cron });
    else if (type === 'DELETED' || deletionTimestamp) known.until ??= this.cluster.now;
  }

  /** What is done is not begun again. */
  private checkIndex({ metadata }: Pod): void {
    const index = metadata.annotations?.[INDEX];
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    if (index === undefined || !owner) return;
    const job = this.cluster.view.get<Job>(refs.jobs, owner.name, metadata.namespace);
    if (job?.metadata.uid === owner.uid && holds(job.status?.completedIndexes ?? '', Number(index)))
      this.say(`index ${index} of Job ${metadata.namespace}/${owner.name} was done, and is begun again`);
  }

  private say(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }
}
