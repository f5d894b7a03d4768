import type { Clock } from '@binnacle/machinery-context';
import { newNotFound, StatusError } from '@binnacle/machinery-meta';
import { stillAllowed } from '@binnacle/server-auth';
import { type Registry, type RequestContext, selectionOf } from '@binnacle/server-registry';
import type { LiveConnection } from './live-connection.js';
import { LiveSubscription, statusOf } from './live-subscription.js';
import { readSubscribe, type SubscribeAnswer, type SubscribeRequest } from './protocol.js';

/** What somebody wants to do with a collection. */
export interface LiveAttempt {
  readonly verb: 'list' | 'watch';
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  /** Set where the fields selected narrow it to one object. */
  readonly name: string;
}

export interface LiveAccess {
  /** Who is on the other end, asked again for every subscription. Rejects with Unauthorized. */
  identify(cluster: string): Promise<RequestContext>;
  /** Rejects with Forbidden. */
  authorize(ctx: RequestContext, attempt: LiveAttempt): Promise<void>;
}

const MOST_SUBSCRIPTIONS = 200;
const ASKED_AGAIN_MILLISECONDS = 15_000;

/** The subscriptions of one connection. Each is authenticated and authorized as a watch would be. */
export class LiveSession {
  private readonly running = new Map<string, AbortController>();
  private cancelGuard: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly registry: Pick<Registry, 'find'>,
    private readonly access: LiveAccess,
    private readonly connection: LiveConnection,
  ) {}

  /** `acknowledge` is called once, before the first message about the subscription. */
  async subscribe(message: unknown, acknowledge: (answer: SubscribeAnswer) => void): Promise<void> {
    let start: () => Promise<void>;
    try {
      start = await this.prepare(readSubscribe(message));
    } catch (error) {
      return acknowledge({ error: statusOf(error) });
    }
    acknowledge({ ok: true });
    await start();
  }

  unsubscribe(message: unknown): void {
    const id = (message as { id?: unknown } | undefined)?.id;
    if (typeof id === 'string') this.end(id);
  }

  /**
   * Asks now and then who is on the other end, for as long as the connection lasts, and hangs up on who has signed out or is
   * no longer believed: a subscription would otherwise outlive every right to it.
   */
  async guard(cluster: string, before?: Clock): Promise<void> {
    let clock = before;
    try {
      ({ clock } = await this.access.identify(cluster));
    } catch (error) {
      if (statusOf(error).code === 401) return this.connection.drop();
      // Whatever else went wrong says nothing about who is there.
    }
    if (this.closed) return;
    this.cancelGuard = clock?.after(ASKED_AGAIN_MILLISECONDS, () => void this.guard(cluster, clock));
  }

  close(): void {
    this.closed = true;
    this.cancelGuard?.();
    for (const id of [...this.running.keys()]) this.end(id);
  }

  private end(id: string): void {
    this.running.get(id)?.abort(new Error('unsubscribed'));
    this.running.delete(id);
  }

  /** Answers what starts the sending; by then nothing can be refused any more. */
  private async prepare(request: SubscribeRequest): Promise<() => Promise<void>> {
    this.end(request.id);
    if (this.running.size >= MOST_SUBSCRIPTIONS) {
      throw new StatusError(429, 'TooManyRequests', `more than ${MOST_SUBSCRIPTIONS} subscriptions on one connection`);
    }
    const abort = new AbortController();
    this.running.set(request.id, abort);
    try {
      const subscription = await this.admit(request, abort.signal);
      const opening = await subscription.open(request.after);
      return () => subscription.run(opening).finally(() => this.forget(request.id, abort));
    } catch (error) {
      this.forget(request.id, abort);
      throw error;
    }
  }

  private forget(id: string, abort: AbortController): void {
    if (this.running.get(id) === abort) this.running.delete(id);
  }

  private async admit(request: SubscribeRequest, signal: AbortSignal): Promise<LiveSubscription> {
    const { group, version, resource, namespace } = request;
    const store = this.registry.find(group, version, resource);
    if (!store?.definition.verbs.includes('watch')) throw newNotFound({ group, resource }, '');
    const selection = selectionOf(store.definition, request);
    const ctx = await this.access.identify(request.cluster);
    const attempt = { group, version, resource, namespace, name: selection.name ?? '' };
    if (request.after === undefined) await this.access.authorize(ctx, { verb: 'list', ...attempt });
    await this.access.authorize(ctx, { verb: 'watch', ...attempt });
    const permit = () =>
      stillAllowed(async () => {
        const now = await this.access.identify(request.cluster);
        await this.access.authorize(now, { verb: 'watch', ...attempt });
      });
    const { connection } = this;
    return new LiveSubscription({ ctx: { ...ctx, signal }, store, selection, connection, permit, id: request.id });
  }
}
