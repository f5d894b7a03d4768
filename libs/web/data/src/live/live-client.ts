import type { Clock } from '@binnacle/machinery-context';
import type {
  FollowRightsMessage,
  LiveQuery,
  ServerEvent,
  ServerMessages,
  SubscribeAnswer,
  SubscribeMessage,
} from '@binnacle/machinery-live';
import { LiveCollection, type LiveView } from './collection.js';
import { type Connection, Store } from './connection.js';
import { rightsChanged } from '../rights-changed.js';
import { Pulse } from './pulse.js';
import { RightsFollower } from './rights-follower.js';
import { queryKey } from './live-query.js';

export interface LiveHandlers {
  connected(): void;
  disconnected(): void;
  unauthorized(): void;
  /** Something came over the line, whatever it was. */
  heard(): void;
  /** The machine says that it has no network any more. */
  offline(): void;
  message<E extends ServerEvent>(event: E, message: ServerMessages[E]): void;
}

/** The socket, reduced to what is used of it. It reconnects by itself. */
export interface LiveTransport {
  start(handlers: LiveHandlers): void;
  subscribe(message: SubscribeMessage): Promise<SubscribeAnswer>;
  followRights(message: FollowRightsMessage): Promise<SubscribeAnswer>;
  /** Of either. */
  unsubscribe(id: string): void;
  /** Gives the line up, if there is one, and tries at once to get a new one. */
  reopen(): void;
  stop(): void;
}

/** Views are renewed at most this often; below what an eye notices, above what a busy list costs. */
const PUBLISH_MILLISECONDS = 40;
/** A query nobody shows any more is kept this long, so that going back is instant and costs no snapshot. */
const LINGER_MILLISECONDS = 20_000;
const RETRY_MILLISECONDS = 3_000;

class LiveSubscription {
  readonly collection = new LiveCollection();
  readonly view = new Store<LiveView>(this.collection.view());
  id = '';
  users = 0;
  cancelLinger: (() => void) | undefined;
  cancelRetry: (() => void) | undefined;
  publishing = false;

  constructor(readonly query: LiveQuery) {}
}

export interface LiveHandle {
  readonly view: Store<LiveView>;
  release(): void;
}

/**
 * Keeps lists current over one socket. After a lost connection every query resumes from the last revision it has seen; each
 * (re)subscription has an id of its own, so that a late message of an earlier one is never applied twice.
 */
export class LiveClient implements LiveHandlers {
  readonly connection: Store<Connection>;
  private readonly byKey = new Map<string, LiveSubscription>();
  private readonly byId = new Map<string, LiveSubscription>();
  private readonly pulse: Pulse;
  private readonly rights: RightsFollower;
  private nextId = 1;
  private started = false;
  /** A line is open, whether or not anything is heard on it. */
  private linked = false;

  constructor(
    private readonly transport: LiveTransport,
    private readonly clock: Clock,
    private readonly sessionLost: () => void,
  ) {
    const since = clock.now();
    this.connection = new Store<Connection>({ state: 'connecting', since, asOf: since, paused: false, pausedAt: 0 });
    this.pulse = new Pulse(clock, {
      doubted: (silent) => this.entered(silent ? 'reconnecting' : 'live'),
      dead: () => transport.reopen(),
    });
    const newId = () => String(this.nextId++);
    const line = { newId, sessionLost, unsubscribe: (id: string) => transport.unsubscribe(id) };
    this.rights = new RightsFollower({ ...line, followRights: (message) => transport.followRights(message) }, clock);
  }

  watch(query: LiveQuery): LiveHandle {
    this.start();
    const key = queryKey(query);
    const subscription = this.byKey.get(key) ?? this.add(key, query);
    subscription.users += 1;
    subscription.cancelLinger?.();
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      this.release(key, subscription);
    };
    return { view: subscription.view, release };
  }

  /** `changed` is called whenever what the reader may do in the cluster may have changed. Answers what ends that. */
  followRights(cluster: string, changed: () => void): () => void {
    this.start();
    return this.rights.follow(cluster, changed);
  }

  /** Holds every view as it is (the data keeps coming) or lets them go on. */
  pause(paused: boolean): void {
    const connection = this.connection.get();
    const pausedAt = connection.state === 'live' ? this.clock.now() : connection.asOf;
    this.connection.set({ ...connection, paused, pausedAt });
    if (!paused) for (const subscription of this.byKey.values()) this.publish(subscription);
  }

  stop(): void {
    this.pulse.stop();
    this.transport.stop();
    this.started = false;
  }

  /** Somebody does not want to wait for the next attempt. */
  retry(): void {
    this.transport.reopen();
  }

  heard(): void {
    this.pulse.heard();
  }

  offline(): void {
    this.pulse.doubt();
  }

  connected(): void {
    this.linked = true;
    this.pulse.start();
    this.entered('live');
    for (const subscription of this.byKey.values()) void this.open(subscription);
    this.rights.connected();
  }

  disconnected(): void {
    this.linked = false;
    this.pulse.stop();
    if (this.connection.get().state === 'live') this.entered('reconnecting');
    this.byId.clear();
    this.rights.disconnected();
    const { asOf } = this.connection.get();
    for (const subscription of this.byKey.values()) {
      subscription.id = '';
      subscription.collection.interrupted(asOf);
      this.publish(subscription);
    }
  }

  unauthorized(): void {
    this.sessionLost();
  }

  message<E extends ServerEvent>(event: E, message: ServerMessages[E]): void {
    if (event === 'rights') return this.rights.told(message.id);
    const subscription = this.byId.get(message.id);
    if (!subscription) return;
    const now = this.clock.now();
    const { collection } = subscription;
    if (collection.view().phase === 'denied') rightsChanged();
    if (event === 'snapshot') collection.applySnapshot(message as ServerMessages['snapshot'], now);
    else if (event === 'changes') collection.applyChanges(message as ServerMessages['changes'], now);
    else if (event === 'bookmark') collection.reached((message as ServerMessages['bookmark']).resourceVersion, now);
    else this.ended(subscription, (message as ServerMessages['relist']).status);
    this.publish(subscription);
  }

  /** Connects ahead of the first query; a query does it by itself. */
  start(): void {
    if (this.started) return;
    this.started = true;
    this.transport.start(this);
  }

  private entered(state: Connection['state']): void {
    const asOf = state === 'reconnecting' ? this.pulse.heardAt : this.clock.now();
    this.connection.set({ ...this.connection.get(), state, since: this.clock.now(), asOf });
  }

  private add(key: string, query: LiveQuery): LiveSubscription {
    const subscription = new LiveSubscription(query);
    this.byKey.set(key, subscription);
    if (this.linked) void this.open(subscription);
    return subscription;
  }

  private async open(subscription: LiveSubscription): Promise<void> {
    this.close(subscription);
    const id = String(this.nextId++);
    subscription.id = id;
    this.byId.set(id, subscription);
    const { resourceVersion } = subscription.collection;
    const answer = await this.transport.subscribe({
      ...subscription.query,
      id,
      ...(resourceVersion && { resourceVersion }),
    });
    if (!('error' in answer) || subscription.id !== id) return;
    this.refused(subscription, answer.error);
  }

  private refused(subscription: LiveSubscription, error: Parameters<LiveCollection['refused']>[0]): void {
    this.byId.delete(subscription.id);
    if (error.code === 401) return this.sessionLost();
    if (error.code === 410) return this.relist(subscription, 410);
    const wasShown = subscription.collection.view().phase !== 'denied';
    if (error.code === 403 && wasShown) rightsChanged();
    subscription.collection.refused(error, this.clock.now());
    this.publish(subscription);
    // A right may be granted, a kind may be installed and a fault may pass: ask again now and then.
    this.openLater(subscription);
  }

  private openLater(subscription: LiveSubscription): void {
    subscription.cancelRetry = this.clock.after(RETRY_MILLISECONDS, () => {
      if (this.linked) void this.open(subscription);
    });
  }

  /** A right that has ended is told at once, and what it showed is shown no more. */
  private ended(subscription: LiveSubscription, status: ServerMessages['relist']['status']): void {
    if (status.code !== 403) return this.relist(subscription, status.code);
    this.close(subscription);
    this.refused(subscription, status);
  }

  /** A revision that is too old is nobody's fault and mended by asking; after a fault the server is given a moment. */
  private relist(subscription: LiveSubscription, code: number | undefined): void {
    subscription.collection.forgetRevision(this.clock.now());
    this.close(subscription);
    if (code === 410) void this.open(subscription);
    else this.openLater(subscription);
  }

  private close(subscription: LiveSubscription): void {
    subscription.cancelRetry?.();
    if (!subscription.id) return;
    this.byId.delete(subscription.id);
    this.transport.unsubscribe(subscription.id);
    subscription.id = '';
  }

  private release(key: string, subscription: LiveSubscription): void {
    subscription.users -= 1;
    if (subscription.users > 0) return;
    subscription.cancelLinger = this.clock.after(LINGER_MILLISECONDS, () => {
      this.close(subscription);
      this.byKey.delete(key);
    });
  }

  private publish(subscription: LiveSubscription): void {
    if (subscription.publishing) return;
    subscription.publishing = true;
    this.clock.after(PUBLISH_MILLISECONDS, () => {
      subscription.publishing = false;
      // Held is what has been shown: a page that is opened meanwhile is filled once, and then held as well.
      const held = this.connection.get().paused && subscription.view.get().phase !== 'loading';
      if (!held) subscription.view.set(subscription.collection.view());
    });
  }
}
