import type { ObjectKey } from '@binnacle/client-informers';
import { type QueueObserver, WorkQueue, type WorkQueueOptions } from '@binnacle/client-workqueue';
import type { Context } from '@binnacle/machinery-context';
import { isConflict, isNotFound, StatusError } from '@binnacle/machinery-meta';
import type { Enqueue, Source } from './sources.js';
import {
  type BegunLoop,
  type Controller,
  type LoopObserver,
  type Pending,
  type Reconciler,
  TerminalError,
  type Turn,
} from './types.js';

export interface ControlLoopOptions {
  readonly name: string;
  readonly reconciler: Reconciler;
  readonly sources: readonly Source[];
  /** Must have delivered their first list before anything is reconciled, besides the sources themselves. */
  readonly synced?: ReadonlyArray<{ synced(): Promise<void> }>;
  /** How many keys are reconciled at once. */
  readonly workers?: number;
  readonly retry?: WorkQueueOptions;
  /** False where what is looked at again at a time is not worth waking a cluster at rest for. True unless it is said. */
  readonly wakes?: boolean;
}

const DEFAULT_WORKERS = 5;

/** Lost races and namespaces on their way out are everyday life: try again, say nothing. */
function isRoutine(error: unknown): boolean {
  if (isConflict(error) || isNotFound(error)) return true;
  return (
    error instanceof StatusError &&
    error.reason === 'Forbidden' &&
    (error.details?.causes ?? []).some((cause) => cause.reason === 'NamespaceTerminating')
  );
}

class BegunControlLoop implements BegunLoop {
  private readonly queue: WorkQueue;
  private readonly ctx: Context;
  private readonly following: Promise<unknown>;
  private isSynced = false;

  constructor(
    ctx: Context,
    private readonly options: ControlLoopOptions,
    observer?: QueueObserver,
  ) {
    this.ctx = { ...ctx, logger: ctx.logger.child({ controller: options.name }) };
    this.queue = new WorkQueue(ctx.clock, options.retry, observer);
    ctx.signal.addEventListener('abort', () => this.queue.close(), { once: true });
    const enqueue: Enqueue = Object.assign((key: ObjectKey) => this.queue.add(key), {
      after: (key: ObjectKey, delay: number) => this.queue.addAfter(key, delay),
    });
    for (const source of options.sources) source.start(enqueue);
    this.following = Promise.all(options.sources.map((source) => source.run?.(ctx)));
  }

  get waiting(): number {
    return this.queue.length;
  }

  get pending(): Pending {
    const { busy, nextDue } = this.queue;
    const wakes = nextDue !== undefined && this.options.wakes !== false;
    return { busy: busy || !this.isSynced, ...(wakes && { nextAt: nextDue }) };
  }

  async synced(): Promise<void> {
    const { sources, synced = [] } = this.options;
    await Promise.all([...sources, ...synced].map((source) => source.synced()));
    this.isSynced = true;
  }

  async ended(): Promise<void> {
    await this.following;
  }

  async turn(): Promise<Turn | undefined> {
    const key = await this.queue.take();
    if (key === undefined) return undefined;
    const started = this.ctx.clock.now();
    const failure = await this.reconcile(key);
    this.queue.done(key);
    return { key, milliseconds: this.ctx.clock.now() - started, ...failure };
  }

  private async reconcile(key: ObjectKey): Promise<Pick<Turn, 'error'>> {
    const { ctx, queue } = this;
    try {
      const outcome = await this.options.reconciler.reconcile(ctx, key);
      queue.forget(key);
      if (outcome.kind === 'againAt') queue.addAfter(key, Math.max(1, outcome.time - ctx.clock.now()));
      return {};
    } catch (error) {
      if (!ctx.signal.aborted) this.failed(key, error);
      return { error: error ?? new Error('rejected with nothing') };
    }
  }

  private failed(key: ObjectKey, error: unknown): void {
    const { ctx, queue } = this;
    const fields = { key, error: error instanceof Error ? error.message : String(error) };
    if (error instanceof TerminalError) {
      queue.forget(key);
      ctx.logger.warn('reconcile failed for good', fields);
      return;
    }
    ctx.logger[isRoutine(error) ? 'debug' : 'warn']('reconcile failed, trying again', fields);
    queue.addRateLimited(key);
  }
}

class ControlLoop implements Controller {
  readonly name: string;

  constructor(private readonly options: ControlLoopOptions) {
    this.name = options.name;
  }

  begin(ctx: Context, queue?: QueueObserver): BegunLoop {
    return new BegunControlLoop(ctx, this.options, queue);
  }

  async run(ctx: Context, observer?: LoopObserver, begun?: (loop: BegunLoop) => void): Promise<void> {
    if (ctx.signal.aborted) return;
    const loop = this.begin(ctx, observer?.queue(this.name));
    begun?.(loop);
    const { workers = DEFAULT_WORKERS } = this.options;
    await Promise.race([loop.synced(), aborted(ctx)]);
    await Promise.all(Array.from({ length: workers }, () => this.work(loop, observer)));
    await loop.ended();
  }

  private async work(loop: BegunLoop, observer?: LoopObserver): Promise<void> {
    for (let turn = await loop.turn(); turn; turn = await loop.turn()) {
      observer?.reconciled(this.name, 'error' in turn ? 'error' : 'done', turn.milliseconds);
    }
  }
}

function aborted(ctx: Context): Promise<void> {
  return new Promise((resolve) => {
    if (ctx.signal.aborted) return resolve();
    ctx.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A control loop: keys from its sources, one reconcile per key at a time, back-off after failures. */
export function createController(options: ControlLoopOptions): Controller {
  return new ControlLoop(options);
}

/** What several have to do together. */
function pendingOf(all: readonly Pending[]): Pending {
  const times = all.flatMap(({ nextAt }) => nextAt ?? []);
  return { busy: all.some(({ busy }) => busy), ...(times.length > 0 && { nextAt: Math.min(...times) }) };
}

/** Controllers that work until the context aborts. */
export class RunningControllers {
  private readonly loops: BegunLoop[] = [];
  /** Resolves when all have ended. */
  readonly ended: Promise<unknown>;

  constructor(ctx: Context, controllers: readonly Controller[], observer?: LoopObserver) {
    const begun = (loop: BegunLoop) => void this.loops.push(loop);
    this.ended = Promise.all(controllers.map((controller) => controller.run(ctx, observer, begun)));
  }

  get pending(): Pending {
    return pendingOf(this.loops.map((loop) => loop.pending));
  }
}
