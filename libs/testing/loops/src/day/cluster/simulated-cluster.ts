import { refs } from '@binnacle/apis-kubernetes/refs';
import { type BegunLoop, createEventRecorder } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import { type KubeClient, kubeClientOver } from '@binnacle/client-rest';
import { runScheduler } from '@binnacle/control-scheduling';
import { type Context, FakeClock, sleep } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER, newServiceUnavailable } from '@binnacle/machinery-meta';
import { expireEvents } from '@binnacle/server-registry';
import { InProcessApi, type MakeControllers } from '../../index.js';
import { Machine, type MachineSpec } from './machine.js';
import { Program } from './program.js';
import { StoreView } from './store-view.js';
import { ToldLog } from './told-log.js';
import { type LoadOf, withUsage } from './usage.js';

export interface SimulatedClusterOptions {
  readonly controllers: MakeControllers;
  readonly machines: readonly MachineSpec[];
  readonly loadOf: LoadOf;
  /** What a probe in a Pod ends with. */
  readonly probe: (pod: string, namespace: string) => number;
  /** Begins at this time, in milliseconds since the epoch. */
  readonly from?: number;
}

const MANAGER = { commonName: 'system:kube-controller-manager' };
const SCHEDULER = { commonName: 'system:kube-scheduler' };
/** Whoever keeps busy for so many turns of the event loop without time having moved is no longer at work. */
const MOST_TURNS = 500_000;
const QUIET_TURNS = 4;
/** What falls due within so many milliseconds falls due together, as on a machine that is not always quick. */
const GRAIN = 50;
const CHORES_MILLISECONDS = 180_000;
/** How much of the past is kept. */
const HISTORY_MILLISECONDS = 300_000;

const filesAreBusy = () => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));

/**
 * A whole cluster in this process, at a time that is stepped: a real API server over the memory store, every controller,
 * the scheduler, and kubelets over simulated runtimes. Nothing of it is driven by hand: only time is.
 */
export class SimulatedCluster {
  readonly ctx: Context & { readonly clock: FakeClock };
  readonly view: StoreView;
  readonly machines = new Map<string, Machine>();
  readonly manager: Program;
  readonly scheduler: Program;
  /** Of the controller manager, by the controllers' names. */
  readonly loops = new Map<string, BegunLoop>();
  private readonly history: Array<{ readonly at: number; readonly revision: number }> = [];

  private forgotten = 0;

  private constructor(
    readonly api: InProcessApi,
    ctx: Context & { readonly clock: FakeClock },
    private readonly options: SimulatedClusterOptions,
    /** What programs warned of. */
    readonly log: ToldLog,
  ) {
    this.ctx = ctx;
    const ended = newServiceUnavailable('the day has ended in a storm of writes');
    this.view = new StoreView(
      api.storage,
      () => this.now,
      () => api.befall(() => ended),
    );
    this.manager = new Program(ctx, 'kube-controller-manager', (life) => this.runManager(life));
    this.scheduler = new Program(ctx, 'kube-scheduler', (life) => this.runScheduler(life));
    const { probe } = options;
    for (const spec of options.machines) this.machines.set(spec.name, new Machine(spec, { ctx, api, probe }));
  }

  static async start(options: SimulatedClusterOptions): Promise<SimulatedCluster> {
    const clock = new FakeClock(options.from);
    const log = new ToldLog();
    const ctx = { signal: new AbortController().signal, clock, logger: log.logger() };
    const api = await InProcessApi.start(ctx, { accounts: true });
    const cluster = new SimulatedCluster(api, ctx, options, log);
    cluster.manager.start();
    cluster.scheduler.start();
    for (const machine of cluster.machines.values()) machine.powerOn();
    void cluster.doChores();
    return cluster;
  }

  get now(): number {
    return this.ctx.clock.now();
  }

  /** As the administrator. */
  get client(): KubeClient {
    return this.api.client();
  }

  /** Resolves when nothing happens any more until time moves. */
  async settled(): Promise<void> {
    do await this.api.activity.settled(QUIET_TURNS, MOST_TURNS);
    while (filesAreBusy());
  }

  /** Moves time on, with whatever falls due in it. */
  async pass(milliseconds: number): Promise<void> {
    const { clock } = this.ctx;
    const target = clock.now() + milliseconds;
    await this.settled();
    for (let next = clock.nextAt; next !== undefined && next <= target; next = clock.nextAt) {
      clock.stepTo(Math.min(target, next + GRAIN));
      await this.settled();
    }
    clock.stepTo(target);
    await this.settled();
  }

  async stop(): Promise<void> {
    for (const machine of this.machines.values()) machine.powerOff();
    await Promise.all([this.manager.stop(), this.scheduler.stop()]);
  }

  private clientOf(as: { readonly commonName: string }): KubeClient {
    const { view, machines, options } = this;
    const parts = { view, machines, loadOf: options.loadOf, now: () => this.now };
    return kubeClientOver(withUsage(this.api.transport(as), parts), { userAgent: as.commonName });
  }

  private async runManager(ctx: Context): Promise<void> {
    const client = this.clientOf(MANAGER);
    const informers = new SharedInformerFactory(client);
    const controllers = this.options.controllers(ctx, { client, informers });
    informers.start(ctx);
    this.loops.clear();
    const runs = controllers.map((controller) =>
      controller.run(ctx, undefined, (loop) => void this.loops.set(controller.name, loop)),
    );
    await Promise.all(runs);
    await informers.stopped();
  }

  private async runScheduler(ctx: Context): Promise<void> {
    const client = this.clientOf(SCHEDULER);
    await runScheduler(ctx, client, (component) => createEventRecorder(ctx, client, { component }));
  }

  /** What an API server does now and then. */
  private async doChores(): Promise<void> {
    for (;;) {
      await sleep(this.ctx, CHORES_MILLISECONDS);
      const { parts, storage } = this.api;
      await expireEvents(this.ctx, storage, DEFAULT_CLUSTER);
      await parts.allocation.repair(this.ctx, DEFAULT_CLUSTER);
      await this.forgetOldHistory();
    }
  }

  private async forgetOldHistory(): Promise<void> {
    const { storage } = this.api;
    this.history.push({ at: this.now, revision: await storage.revision(this.ctx, DEFAULT_CLUSTER) });
    const old = this.history.filter(({ at }) => at <= this.now - HISTORY_MILLISECONDS).at(-1);
    if (!old) return;
    await storage.compact(this.ctx, DEFAULT_CLUSTER, old.revision);
    this.forgotten = old.revision;
    this.history.splice(0, this.history.indexOf(old) + 1);
  }

  /** How many changes of the past can still be read. */
  get keptChanges(): number {
    return this.view.changes - this.forgotten;
  }

  /** How many Events there are, which are no part of what the rules look at. */
  get events(): number {
    return this.view.count(refs.events);
  }
}
