import type { ObjectKey } from '@binnacle/client-informers';
import { WorkQueue, type WorkQueueOptions } from '@binnacle/client-workqueue';
import type { Context } from '@binnacle/machinery-context';
import { isConflict, isNotFound, StatusError } from '@binnacle/machinery-meta';
import type { Enqueue, Source } from './sources.js';
import { type Controller, type Observe, type Reconciler, TerminalError } from './types.js';

export interface ControlLoopOptions {
  readonly name: string;
  readonly reconciler: Reconciler;
  readonly sources: readonly Source[];
  /** Must have delivered their first list before anything is reconciled, besides the sources themselves. */
  readonly synced?: ReadonlyArray<{ synced(): Promise<void> }>;
  /** How many keys are reconciled at once. */
  readonly workers?: number;
  readonly retry?: WorkQueueOptions;
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

class ControlLoop implements Controller {
  readonly name: string;

  constructor(private readonly options: ControlLoopOptions) {
    this.name = options.name;
  }

  async run(ctx: Context, observe?: Observe): Promise<void> {
    const context = { ...ctx, logger: ctx.logger.child({ controller: this.name }) };
    const queue = new WorkQueue(ctx.clock, this.options.retry);
    ctx.signal.addEventListener('abort', () => queue.close(), { once: true });
    if (ctx.signal.aborted) return;
    this.start(queue);
    const { sources, synced = [], workers = DEFAULT_WORKERS } = this.options;
    await Promise.race([Promise.all([...sources, ...synced].map((source) => source.synced())), aborted(ctx)]);
    await Promise.all(Array.from({ length: workers }, () => this.work(context, queue, observe)));
  }

  private start(queue: WorkQueue): void {
    const enqueue: Enqueue = Object.assign((key: ObjectKey) => queue.add(key), {
      after: (key: ObjectKey, delay: number) => queue.addAfter(key, delay),
    });
    for (const source of this.options.sources) source.start(enqueue);
  }

  private async work(ctx: Context, queue: WorkQueue, observe?: Observe): Promise<void> {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      const started = ctx.clock.now();
      const outcome = await this.reconcile(ctx, queue, key);
      queue.done(key);
      observe?.(this.name, outcome, ctx.clock.now() - started);
    }
  }

  private async reconcile(ctx: Context, queue: WorkQueue, key: ObjectKey): Promise<'done' | 'error'> {
    try {
      const outcome = await this.options.reconciler.reconcile(ctx, key);
      queue.forget(key);
      if (outcome.kind === 'againAt') queue.addAfter(key, Math.max(1, outcome.time - ctx.clock.now()));
      return 'done';
    } catch (error) {
      if (!ctx.signal.aborted) this.failed(ctx, queue, key, error);
      return 'error';
    }
  }

  private failed(ctx: Context, queue: WorkQueue, key: ObjectKey, error: unknown): void {
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

/** Runs controllers together until the context aborts. */
export async function runControllers(
  ctx: Context,
  controllers: readonly Controller[],
  observe?: Observe,
): Promise<void> {
  await Promise.all(controllers.map((controller) => controller.run(ctx, observe)));
}
