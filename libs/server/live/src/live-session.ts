import type { FollowRightsMessage, SubscribeAnswer } from '@binnacle/machinery-live';
import { newNotFound, StatusError } from '@binnacle/machinery-meta';
import { type Registry, type CallerContext, type RequestContext, selectionOf } from '@binnacle/server-registry';
import type { LiveConnection } from './live-connection.js';
import { LiveSubscription, statusOf } from './live-subscription.js';
import { textOf } from './object-text.js';
import { readFollowRights, readSubscribe, type SubscribeRequest } from './protocol.js';
import { RawJson } from './raw-json.js';
import { noticeUntil } from './rights-notice.js';

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

/** What all connections together have open. */
export interface LiveShare {
  /** Answers what gives it back. Throws TooManyRequests where the identity has as many as it may. */
  enter(ctx: CallerContext): () => void;
}

/** Lets a subscription be opened when it is its turn. Rejects where it must not be. */
export type LiveAdmit = <T>(ctx: CallerContext, attempt: LiveAttempt, open: () => Promise<T>) => Promise<T>;

export interface LiveAccess {
  /** Who is on the other end, asked again for every subscription. Rejects with Unauthorized. */
  identify(cluster: string): Promise<CallerContext>;
  /** Answers what the caller may do it with. Rejects with Forbidden. */
  authorize(ctx: CallerContext, attempt: LiveAttempt): Promise<RequestContext>;
  /** Calls back once when what the caller may do may have changed, unless the answer is called first. Rejects with Forbidden. */
  followRights(ctx: CallerContext, changed: () => void): Promise<() => void>;
  readonly share?: LiveShare;
  readonly admit?: LiveAdmit;
}

/** What was let in. */
interface Admitted {
  /** Ends by itself, or when the signal of its admission aborts. */
  readonly run: () => Promise<void>;
  readonly leave: () => void;
}

const MOST_SUBSCRIPTIONS = 200;

/** The subscriptions of one connection. Each is authenticated and authorized as a watch would be. */
export class LiveSession {
  private readonly running = new Map<string, AbortController>();
  /** Being looked into: one that has been given up meanwhile, for the same id, is as much work. */
  private opening = 0;

  constructor(
    private readonly registry: Pick<Registry, 'of'>,
    private readonly access: LiveAccess,
    private readonly connection: LiveConnection,
  ) {}

  /** `acknowledge` is called once, before the first message about the subscription. */
  async subscribe(message: unknown, acknowledge: (answer: SubscribeAnswer) => void): Promise<void> {
    await this.begin(acknowledge, () => {
      const request = readSubscribe(message);
      return this.prepare(request.id, (signal) => this.admit(request, signal));
    });
  }

  /** Tells once that what the reader may do in a cluster may have changed. */
  async followRights(message: unknown, acknowledge: (answer: SubscribeAnswer) => void): Promise<void> {
    await this.begin(acknowledge, () => {
      const request = readFollowRights(message);
      return this.prepare(request.id, (signal) => this.admitNotice(request, signal));
    });
  }

  unsubscribe(message: unknown): void {
    const id = (message as { id?: unknown } | undefined)?.id;
    if (typeof id === 'string') this.end(id);
  }

  close(): void {
    for (const id of [...this.running.keys()]) this.end(id);
  }

  private end(id: string): void {
    this.running.get(id)?.abort(new Error('unsubscribed'));
    this.running.delete(id);
  }

  private async begin(acknowledge: (answer: SubscribeAnswer) => void, prepare: () => Promise<Admitted['run']>) {
    let run: Admitted['run'];
    try {
      run = await prepare();
    } catch (error) {
      return acknowledge({ error: statusOf(error) });
    }
    acknowledge({ ok: true });
    await run();
  }

  /** Answers what starts the sending; by then nothing can be refused any more. */
  private async prepare(id: string, admit: (signal: AbortSignal) => Promise<Admitted>): Promise<Admitted['run']> {
    this.end(id);
    if (this.running.size >= MOST_SUBSCRIPTIONS || this.opening >= MOST_SUBSCRIPTIONS) {
      throw new StatusError(429, 'TooManyRequests', `more than ${MOST_SUBSCRIPTIONS} subscriptions on one connection`);
    }
    const abort = new AbortController();
    this.running.set(id, abort);
    this.opening += 1;
    try {
      const { run, leave } = await admit(abort.signal);
      const end = () => {
        leave();
        this.forget(id, abort);
      };
      return () => run().finally(end);
    } catch (error) {
      this.forget(id, abort);
      throw error;
    } finally {
      this.opening -= 1;
    }
  }

  private forget(id: string, abort: AbortController): void {
    if (this.running.get(id) === abort) this.running.delete(id);
  }

  private async admitNotice({ id, cluster }: FollowRightsMessage, signal: AbortSignal): Promise<Admitted> {
    const caller = await this.access.identify(cluster);
    const { told, tell } = noticeUntil(signal);
    const leave = this.enter(caller);
    try {
      const stop = await this.access.followRights(caller, tell);
      const run = async () => {
        if (await told) this.connection.send('rights', new RawJson(JSON.stringify({ id })));
      };
      return { run, leave: () => (stop(), leave()) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async admit(request: SubscribeRequest, signal: AbortSignal): Promise<Admitted> {
    const { group, version, resource, namespace } = request;
    const caller = await this.access.identify(request.cluster);
    const store = (await this.registry.of(caller)).find(group, version, resource);
    if (!store?.definition.verbs.includes('watch')) throw newNotFound({ group, resource }, '');
    const selection = selectionOf(store.definition, request);
    const attempt = { group, version, resource, namespace, name: selection.name ?? '' };
    if (request.after === undefined) await this.access.authorize(caller, { verb: 'list', ...attempt });
    const ctx = await this.access.authorize(caller, { verb: 'watch', ...attempt });
    const { connection } = this;
    const { id } = request;
    const parts = { ctx: { ...ctx, signal }, store, selection, connection, textOf: textOf(request), id };
    return this.open(new LiveSubscription(parts), caller, {
      // Who resumes lists nothing.
      attempt: { verb: request.after === undefined ? 'list' : 'watch', ...attempt },
      after: request.after,
    });
  }

  private async open(
    subscription: LiveSubscription,
    ctx: CallerContext,
    { attempt, after }: { readonly attempt: LiveAttempt; readonly after: number | undefined },
  ): Promise<Admitted> {
    const { admit = (_ctx, _attempt, open) => open() } = this.access;
    const leave = this.enter(ctx);
    try {
      const opening = await admit(ctx, attempt, () => subscription.open(after));
      return { leave, run: () => subscription.run(opening) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  private enter(ctx: CallerContext): () => void {
    return this.access.share?.enter(ctx) ?? (() => undefined);
  }
}
