import type { Event } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { BegunLoop, Controller, Turn } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import { type Context, FakeClock, silentLogger, withSignal } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { InProcessApi } from './in-process-api.js';
import { KubeletHands } from './kubelet-hands.js';
import { Objects } from './objects.js';
import type { Identity } from './serve.js';

/** What controllers are built from, and the context that ends with them. */
export interface LoopDeps {
  readonly client: KubeClient;
  readonly informers: SharedInformerFactory;
}

export type MakeControllers = (ctx: Context, deps: LoopDeps) => readonly Controller[];

export interface LoopBenchOptions {
  /** Who the loops are to the server; the controller manager unless it is said. */
  readonly as?: Identity;
  /** PEM of the key that signs tokens. */
  readonly serviceAccountKey?: string;
}

/** A turn and whose it was. */
export interface NamedTurn extends Turn {
  readonly controller: string;
}

const MANAGER: Identity = { commonName: 'system:kube-controller-manager' };
/** A loop that is still not at rest after so many turns never will be: it wakes itself, or two of them fight. */
const MOST_TURNS = 500;
/** After so many turns of the event loop without a request a reconcile waits for something else than those. */
const STALLED_TURNS = 300;

/**
 * Control loops that are driven by hand: over a real API server in this process, at a time that is stepped, one reconcile
 * after the other.
 */
export class LoopBench {
  /** Loops by their controllers' names. */
  private readonly loops = new Map<string, BegunLoop>();
  private running = new AbortController();

  private constructor(
    readonly ctx: Context & { readonly clock: FakeClock },
    readonly api: InProcessApi,
    private readonly make: MakeControllers,
    private readonly as: Identity,
  ) {}

  static async start(make: MakeControllers, options: LoopBenchOptions = {}): Promise<LoopBench> {
    const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
    const api = await InProcessApi.start(ctx, { serviceAccountKey: options.serviceAccountKey });
    const bench = new LoopBench(ctx, api, make, options.as ?? MANAGER);
    await bench.begin();
    return bench;
  }

  get client(): KubeClient {
    return this.api.client();
  }

  get kubelet(): KubeletHands {
    return new KubeletHands(this.ctx, this.client);
  }

  get now(): number {
    return this.ctx.clock.now();
  }

  objects<T extends KubeObject>(ref: ResourceRef, namespace?: string): Objects<T> {
    return new Objects<T>(this.ctx, this.client, ref, namespace);
  }

  /** Events so far, oldest first, as `Kind/name reason: message`. */
  async events(): Promise<string[]> {
    await this.api.activity.settled();
    const { items } = await this.client.resource<Event>(refs.events).list(this.ctx);
    return items
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(
        ({ involvedObject, reason, message }) => `${involvedObject.kind}/${involvedObject.name} ${reason}: ${message}`,
      );
  }

  /** How many keys of a loop are due, once it has heard of everything. */
  async due(controller: string): Promise<number> {
    await this.api.activity.settled();
    return this.loop(controller).waiting;
  }

  /** One reconcile: of the loop that is named, or else of the first that has a key due. Undefined where none has. */
  async turn(controller?: string): Promise<NamedTurn | undefined> {
    await this.api.activity.settled();
    const names = controller ? [controller] : [...this.loops.keys()];
    const name = names.find((each) => this.loop(each).waiting > 0);
    const turn = name && (await this.finished(this.loop(name).turn()));
    return turn ? { ...turn, controller: name } : undefined;
  }

  /** Moves time on for a reconcile that waits for it, for example until a watch is open again that shows what it wrote. */
  private async finished<T>(work: Promise<T>): Promise<T> {
    const { clock } = this.ctx;
    let over = false;
    const ending = work.finally(() => (over = true));
    for (;;) {
      await Promise.race([ending, this.api.activity.settled(STALLED_TURNS)]);
      if (over) return ending;
      if (clock.nextAt === undefined) throw new Error('a reconcile waits for ever');
      clock.stepTo(clock.nextAt);
    }
  }

  /** Reconciles what is due now until nothing is, without moving time. Answers what was done, in order. */
  async drain(controller?: string): Promise<NamedTurn[]> {
    const turns: NamedTurn[] = [];
    for (let turn = await this.turn(controller); turn; turn = await this.turn(controller)) {
      turns.push(turn);
      if (turns.length > MOST_TURNS) throw new Error(`never at rest: ${turn.controller} ${turn.key}`);
    }
    return turns;
  }

  /** Moves time on, stopping wherever something falls due to reconcile what that wakes. */
  async advance(milliseconds: number): Promise<NamedTurn[]> {
    const { clock } = this.ctx;
    const target = clock.now() + milliseconds;
    const turns = await this.drain();
    for (let next = clock.nextAt; next !== undefined && next <= target; next = clock.nextAt) {
      clock.stepTo(next);
      turns.push(...(await this.drain()));
    }
    clock.stepTo(target);
    return [...turns, ...(await this.drain())];
  }

  /** Ends the program the loops are in, whatever it is at, and starts it again: all it knew is lost. */
  async restart(): Promise<void> {
    await this.stop();
    await this.begin();
  }

  async stop(): Promise<void> {
    const loops = [...this.loops.values()];
    this.loops.clear();
    this.running.abort(new Error('the program has ended'));
    await Promise.all(loops.map((loop) => loop.ended()));
    await this.api.activity.settled();
  }

  private async begin(): Promise<void> {
    this.running = new AbortController();
    const ctx = withSignal(this.ctx, this.running.signal);
    const client = this.api.client(this.as);
    const informers = new SharedInformerFactory(client);
    for (const controller of this.make(ctx, { client, informers }))
      this.loops.set(controller.name, controller.begin(ctx));
    informers.start(ctx);
    await Promise.all([...this.loops.values()].map((loop) => loop.synced()));
  }

  private loop(controller: string): BegunLoop {
    const loop = this.loops.get(controller);
    if (!loop) throw new Error(`there is no loop "${controller}"; there are: ${[...this.loops.keys()].join(', ')}`);
    return loop;
  }
}
