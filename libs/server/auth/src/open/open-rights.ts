import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { isForbidden, isUnauthorized, newUnauthorized, type StatusError } from '@binnacle/machinery-meta';
import { presentCluster } from '@binnacle/server-storage';
import type { RightsChanges } from '../rbac/rights-changes.js';
import {
  HeldRight,
  type Holder,
  keyOfCredential,
  keyOfUser,
  type Opened,
  type OpenedRight,
  type Revocation,
  type StillAllowed,
} from './held-right.js';
import { Moments } from './moments.js';
import { Revocations } from './revocations.js';

/** So many are asked for before others have a turn of the event loop. */
const TOGETHER = 100;
/** What nobody could be asked about is asked again after so many milliseconds. */
const AGAIN_MILLISECONDS = 1_000;

interface ClusterRights {
  readonly held: Set<HeldRight>;
  readonly stop: () => void;
}

/**
 * Everything that stands open by a right, in whatever protocol: when rights of its logical cluster change it is asked for again, and
 * ends where it is allowed no more. It ends as well when the proof of who opened it does. Nothing is asked while nothing changes, and a
 * cluster in which nothing is open is not listened to.
 */
export class OpenRights {
  private readonly clusters = new Map<string, ClusterRights>();
  private readonly byKey = new Map<string, Set<HeldRight>>();
  private readonly revocations = new Revocations();
  /** When proofs end. */
  private readonly ends: Moments;
  /** When rights have to be asked for again, of whose changes nobody tells. */
  private readonly renewals: Moments;
  /** To be asked for again. */
  private due = new Set<HeldRight>();
  /** Nobody could be asked about them. */
  private readonly unknown = new Set<HeldRight>();
  private isSweeping = false;
  private cancelAgain: (() => void) | undefined;

  constructor(
    private readonly ctx: Context,
    private readonly changes: RightsChanges,
  ) {
    this.ends = new Moments(ctx.clock, (held) => this.disbelieve(held));
    this.renewals = new Moments(ctx.clock, (held) => this.askSoon([held]));
  }

  /** How many revocations there have been. */
  get sequence(): number {
    return this.revocations.sequence;
  }

  get size(): number {
    let size = 0;
    for (const { held } of this.clusters.values()) size += held.size;
    return size;
  }

  /** Holds something open until the returned call. What has changed since it was asked for is found out at once. */
  hold(opened: Opened, holder: Holder): () => void {
    const held = new HeldRight(opened, holder);
    const cluster = presentCluster(held.cluster);
    this.in(cluster).held.add(held);
    for (const key of held.keys) this.among(key).add(held);
    this.ends.set(held, held.expiresAt);
    this.askSoon([held]);
    return () => this.forget(cluster, held);
  }

  /**
   * Ends what was opened by proofs that are not believed any more: of a session that was ended, a token that was revoked, a user who
   * is gone or belongs to other groups than before. Whoever is still believed opens it again.
   */
  revoke(revocation: Revocation): void {
    this.revocations.add(revocation);
    const { user, credential } = revocation;
    const key = credential === undefined ? keyOfUser(user ?? '') : keyOfCredential(credential);
    for (const held of [...(this.byKey.get(key) ?? [])]) this.endIfRevoked(held);
  }

  /** Asks for everything again: others decide than before. */
  reconsider(): void {
    for (const { held } of this.clusters.values()) this.askSoon(held);
  }

  private endIfRevoked(held: HeldRight): boolean {
    if (!this.revocations.hit(held)) return false;
    this.disbelieve(held);
    return true;
  }

  private disbelieve(held: HeldRight): void {
    this.end(held, newUnauthorized('Unauthorized'));
  }

  private in(cluster: string): ClusterRights {
    let rights = this.clusters.get(cluster);
    if (rights) return rights;
    const held = new Set<HeldRight>();
    rights = { held, stop: this.changes.onChange(cluster, () => this.askSoon(held)) };
    this.clusters.set(cluster, rights);
    return rights;
  }

  private among(key: string): Set<HeldRight> {
    let held = this.byKey.get(key);
    if (!held) this.byKey.set(key, (held = new Set()));
    return held;
  }

  private forget(cluster: string, held: HeldRight): void {
    held.isOver = true;
    this.due.delete(held);
    this.unknown.delete(held);
    this.ends.remove(held);
    this.renewals.remove(held);
    for (const key of held.keys) {
      const among = this.byKey.get(key);
      among?.delete(held);
      if (among?.size === 0) this.byKey.delete(key);
    }
    const rights = this.clusters.get(cluster);
    if (!rights?.held.delete(held) || rights.held.size > 0) return;
    rights.stop();
    this.clusters.delete(cluster);
  }

  private askSoon(some: Iterable<HeldRight>): void {
    for (const held of some) this.due.add(held);
    if (this.isSweeping || this.due.size === 0) return;
    this.isSweeping = true;
    setImmediate(() => this.sweep());
  }

  private sweep(): void {
    let asked = 0;
    for (const held of this.due) {
      if (asked === TOGETHER) break;
      asked += 1;
      this.due.delete(held);
      this.askAgain(held);
    }
    this.isSweeping = this.due.size > 0;
    if (this.isSweeping) setImmediate(() => this.sweep());
  }

  private askAgain(held: HeldRight): void {
    const { right } = held.opened;
    if (held.isOver || this.endIfRevoked(held) || !right) return;
    const turn = (held.asked += 1);
    try {
      const decided = this.decide(held, right, turn);
      if (decided instanceof Promise) decided.catch((error: unknown) => this.failed(held, turn, error));
    } catch (error) {
      this.failed(held, turn, error);
    }
  }

  /** Throws or rejects with why it is allowed no more. What is answered later than a question after it is not looked at. */
  private decide(held: HeldRight, { attributes, ask }: OpenedRight, turn: number): Soon<void> {
    const [first, ...others] = attributes;
    let until = Infinity;
    const note = (allowed: StillAllowed): void => void (until = Math.min(until, allowed.until ?? Infinity));
    let decided: Soon<void> = soon(ask(this.ctx, first), (allowed) => {
      note(allowed);
      if (turn === held.asked) held.confirm(allowed.namespaces);
    });
    for (const other of others) decided = soon(decided, () => soon(ask(this.ctx, other), note));
    return soon(decided, () => this.renewAt(held, turn, until));
  }

  private renewAt(held: HeldRight, turn: number, until: number): void {
    if (held.isOver || turn !== held.asked) return;
    const soonest = this.ctx.clock.now() + AGAIN_MILLISECONDS;
    this.renewals.set(held, until === Infinity ? undefined : Math.max(until, soonest));
  }

  /** That nobody can be asked just now ends nothing that runs. */
  private failed(held: HeldRight, turn: number, error: unknown): void {
    if (held.isOver || turn !== held.asked) return;
    if (isUnauthorized(error) || isForbidden(error)) return this.end(held, error);
    this.unknown.add(held);
    this.cancelAgain ??= this.ctx.clock.after(AGAIN_MILLISECONDS, () => {
      this.cancelAgain = undefined;
      const some = [...this.unknown];
      this.unknown.clear();
      this.askSoon(some);
    });
  }

  private end(held: HeldRight, why: StatusError): void {
    try {
      held.end(why);
    } catch (error) {
      this.ctx.logger.warn('what lost its right did not end well', { error });
    }
  }
}
