import type { MakeControllers } from '../index.js';
import { Random } from '@binnacle/testing-fuzz';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { MachineSpec } from './cluster/machine.js';
import { SimulatedCluster } from './cluster/simulated-cluster.js';
import { counts, type Figures, figuresOf } from './figures.js';
import { Chronicle } from './rules/chronicle.js';
import { clusterRules } from './rules/cluster-rules.js';
import { podRules } from './rules/pod-rules.js';
import { type Violation, Watchdog } from './rules/rule.js';
import { Snapshot } from './rules/snapshot.js';
import { taskRules } from './rules/task-rules.js';
import { workloadRules } from './rules/workload-rules.js';
import { faultActs } from './scenario/fault-acts.js';
import { CRITICAL, namespace } from './scenario/objects.js';
import { removalActs } from './scenario/removal-acts.js';
import { type Act, choose, MINUTE, Stage } from './scenario/stage.js';
import { BATCH, makeCronJobs, taskActs } from './scenario/task-acts.js';
import { workloadActs } from './scenario/workload-acts.js';

export interface DayOptions {
  readonly seed: number;
  readonly hours: number;
  readonly controllers: MakeControllers;
  /** Told of every hour that has passed, and of every violation when it is seen. */
  readonly tell?: (line: string) => void;
  /** Of acts a minute, and faults an hour; what is usual unless it is said. */
  readonly acts?: number;
  readonly faults?: number;
  /** Nobody waits longer than until all is as it must be; whether Events are forgotten after their hour is not looked at. */
  readonly brief?: boolean;
}

export interface DayReport {
  readonly seed: number;
  readonly hours: number;
  /** Real time it took. */
  readonly seconds: number;
  readonly changes: number;
  readonly acts: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  /** What programs warned of, and how often. */
  readonly logged: Readonly<Record<string, number>>;
  readonly cronRuns: number;
  readonly hourly: readonly Figures[];
  readonly violations: readonly Violation[];
}

/** The day before clocks go forward in New York. */
const FROM = Date.UTC(2026, 2, 7, 16);
const ACTS_A_MINUTE = 0.7;
const FAULTS_AN_HOUR = 9;
const MACHINES: readonly MachineSpec[] = Array.from({ length: 6 }, (_, index) => ({
  name: `worker-${index + 1}`,
  cpu: '4',
  memory: '8Gi',
  zone: `zone-${index % 3}`,
}));
const CALM_MINUTES = 25;
/** Longer than the longest task, with its retries. */
const TASK_MINUTES = 15;
/** So long nothing may be amiss before it is believed. */
const STEADY_MINUTES = 4;
const EVENTS_LIFETIME = 64;

const everyday: readonly Act[] = [...workloadActs, ...taskActs, ...removalActs];
const rules = [...podRules, ...workloadRules, ...taskRules, ...clusterRules];

/** Kinds of which there is more than before, with how much there is. */
function leftOver(
  cluster: SimulatedCluster,
  before: ReadonlyMap<string, number>,
): readonly (readonly [kind: string, count: number])[] {
  return [...counts(cluster)].filter(([kind, count]) => count > (before.get(kind) ?? 0));
}

/** A cluster's eventful day, by its own clock, with whoever looks that all is as it must be. */
export class Day {
  private readonly watchdog = new Watchdog(rules);
  private readonly hourly: Figures[] = [];
  private readonly random: Random;
  private readonly extra: Violation[] = [];
  private minutes = 0;
  private tolds = 0;

  private constructor(
    private readonly options: DayOptions,
    private readonly cluster: SimulatedCluster,
    private readonly stage: Stage,
    private readonly chronicle: Chronicle,
  ) {
    this.random = stage.random;
  }

  static async start(options: DayOptions): Promise<Day> {
    const [loads, unready] = [new Map<string, (now: number) => number>(), new Set<string>()];
    const cluster = await SimulatedCluster.start({
      controllers: options.controllers,
      machines: MACHINES,
      loadOf: (app, now) => loads.get(app)?.(now),
      probe: (pod, at) => (unready.has(`${at}/${pod}`) ? 1 : 0),
      from: FROM,
    });
    const stage = new Stage(cluster, new Random(options.seed), { loads, unready });
    return new Day(options, cluster, stage, new Chronicle(cluster));
  }

  async run(): Promise<DayReport> {
    const began = performance.now();
    await this.cluster.pass(2 * MINUTE);
    const before = counts(this.cluster);
    await this.setUp();
    await this.eventful(this.options.hours * 60);
    await this.calm();
    await this.windDown(before);
    await this.cluster.stop();
    return this.report((performance.now() - began) / 1000);
  }

  private async setUp(): Promise<void> {
    const { stage } = this;
    await stage.create(refs.priorityclasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: CRITICAL },
      value: 1000,
    });
    await stage.create(refs.namespaces, { ...namespace(BATCH), metadata: { name: BATCH } });
    await this.cluster.pass(5_000);
    await makeCronJobs(stage);
  }

  private async eventful(minutes: number): Promise<void> {
    const { acts = ACTS_A_MINUTE, faults = FAULTS_AN_HOUR } = this.options;
    for (let minute = 0; minute < minutes && !this.cluster.view.storm; minute += 1) {
      for (let left = acts; left > 0; left -= 1) if (this.random.chance(Math.min(1, left))) await this.play(everyday);
      if (this.random.chance(faults / 60)) await this.play(faultActs);
      await this.minute();
    }
  }

  private async play(acts: readonly Act[]): Promise<void> {
    const act = choose(this.random, acts);
    if (!(await act.play(this.stage))) return;
    const { played, faults } = this.stage;
    this.options.tell?.(`${new Date(this.cluster.now).toISOString()} ${act.name} (${[...faults].join()})`);
    played.set(act.name, (played.get(act.name) ?? 0) + 1);
    // Somewhere within the minute.
    await this.cluster.pass(this.random.below(20_000));
  }

  /** A minute of the cluster, and a look at it. */
  private async minute(): Promise<void> {
    await this.cluster.pass(MINUTE - (this.cluster.now % MINUTE));
    this.minutes += 1;
    this.watchdog.look(new Snapshot(this.cluster));
    await this.chronicle.checkMembers();
    this.gather();
    if (this.minutes % 60 === 0) await this.hour();
  }

  private async hour(): Promise<void> {
    this.chronicle.checkCrons();
    this.gather();
    const figures = await figuresOf(this.cluster, this.minutes / 60);
    this.hourly.push(figures);
    this.options.tell?.(`hour ${figures.hour}: ${JSON.stringify(figures)}`);
  }

  /** Everything that went wrong beside the rules, as it is seen. */
  private gather(): void {
    const { stage, chronicle, cluster } = this;
    const found = [...stage.unexpected.splice(0), ...chronicle.violations.splice(0)];
    for (const { name, failure } of [cluster.manager, cluster.scheduler])
      if (failure) found.push(`${name} ended: ${String((failure as Error).stack ?? failure)}`);
    if (cluster.view.storm) found.push(`a storm of writes: ${cluster.view.storm}`);
    const seen = new Date(cluster.now).toISOString();
    for (const what of found)
      if (!this.extra.some((each) => each.what === what)) this.extra.push({ rule: 'as told', what, since: seen, seen });
    for (const { rule, what, since } of this.violations.slice(this.tolds))
      this.options.tell?.(`  ${rule}: ${what} since ${since}`);
    this.tolds = this.violations.length;
  }

  private get violations(): Violation[] {
    return [...this.watchdog.violations, ...this.extra];
  }

  /** Nothing more happens: faults end, and whatever is still otherwise than it must be is told. */
  private async calm(): Promise<void> {
    const began = this.cluster.now;
    await this.pass(CALM_MINUTES, () => this.stage.faults.size + this.watchdog.presentSince(began).length === 0);
    // A CronJob goes on, and the Jobs it has just begun take their time.
    const present = this.watchdog.presentSince(Math.max(began, this.cluster.now - TASK_MINUTES * MINUTE));
    this.must(this.stage.faults.size === 0, `faults go on: ${[...this.stage.faults].join()}`);
    this.must(present.length === 0, `after ${CALM_MINUTES} minutes of calm: ${present.join('; ')}`);
  }

  /** All that was made goes, and nothing may be left of it. */
  private async windDown(before: ReadonlyMap<string, number>): Promise<void> {
    const { cluster, stage } = this;
    for (const { metadata } of cluster.view.list(refs.namespaces))
      if (metadata.labels?.day === 'yes' || metadata.name === BATCH)
        await stage.delete(namespace(metadata.name ?? ''), refs.namespaces);
    await stage.delete(namespace(CRITICAL), refs.priorityclasses);
    const more = () => leftOver(cluster, before);
    await this.pass(EVENTS_LIFETIME, () => more().length === 0);
    for (const [kind, count] of more())
      this.must(false, `${kind} left over: ${count}, before ${before.get(kind) ?? 0}`);
    const left = await figuresOf(cluster, this.minutes / 60);
    this.hourly.push(left);
    this.must(left.sandboxes === 0, `${left.sandboxes} sandboxes and containers are left over`);
    this.must(left.queued === 0, `${left.queued} keys wait in queues`);
    this.must(left.events < 20 || this.options.brief === true, `${left.events} Events are left over`);
  }

  /** So many minutes; where it may be brief, only until nothing has been amiss for a while. */
  private async pass(minutes: number, isWell: () => boolean): Promise<void> {
    let steady = 0;
    for (let minute = 0; minute < minutes && steady < STEADY_MINUTES; minute += 1) {
      await this.minute();
      steady = this.options.brief && isWell() ? steady + 1 : 0;
    }
  }

  private must(holds: boolean, what: string): void {
    const seen = new Date(this.cluster.now).toISOString();
    if (!holds) this.extra.push({ rule: 'at the end', what, since: seen, seen });
    this.gather();
  }

  private report(seconds: number): DayReport {
    const { options, stage, cluster, hourly, violations } = this;
    return {
      seed: options.seed,
      hours: options.hours,
      seconds: Math.round(seconds * 10) / 10,
      changes: cluster.view.changes,
      acts: Object.fromEntries([...stage.played].sort()),
      refused: Object.fromEntries([...stage.refused].sort()),
      logged: Object.fromEntries([...cluster.log.counts].sort()),
      cronRuns: this.chronicle.due,
      hourly,
      violations,
    };
  }
}
