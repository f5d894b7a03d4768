import { createHash } from 'node:crypto';
import { type Context, type Soon, soon, withSignal } from '@binnacle/machinery-context';
import { newTooManyRequests } from '@binnacle/machinery-meta';
import { asAuthenticated, type UserInfo } from '../user-info.js';
import { type KnownCredential, type People, type Person, userOf } from './people.js';

/** What was looked up is believed for so long; that somebody is disabled or signed out is known before. */
const REMEMBERED_MILLISECONDS = 5_000;
const MOST_REMEMBERED = 10_000;
/** So many are looked up at a time: whoever makes some up does not keep the database from others. */
const MOST_LOOKUPS = 32;

const NEVER = new AbortController().signal;

interface Remembered {
  readonly known: KnownCredential | undefined;
  readonly until: number;
  person?: Person;
  user?: UserInfo;
}

/** Finds what is kept of a credential by its hash; undefined where there is nothing. */
export type LookUp = (ctx: Context, hash: string) => Promise<KnownCredential | undefined>;

/** How a secret is kept: it has 256 bits of its own, so that nothing slower is needed. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Whom credentials of one kind stand for. What is remembered of one is answered at once. */
export class RememberedCredentials {
  private readonly remembered = new Map<string, Remembered>();
  /** Many who come with one at once wait for one look. */
  private readonly looks = new Map<string, Promise<UserInfo | undefined>>();

  constructor(
    private readonly people: People,
    private readonly lookUp: LookUp,
  ) {}

  /** Undefined where it stands for nobody. Rejects with TooManyRequests where too many are looked up. */
  userOf(ctx: Context, hash: string): Soon<UserInfo | undefined> {
    const entry = this.remembered.get(hash);
    if (!entry || entry.until <= ctx.clock.now()) return this.read(ctx, hash);
    if (!entry.known) return undefined;
    return soon(this.people.find(ctx, entry.known.account), (person) =>
      entry.person && person && person.revoked !== entry.person.revoked
        ? this.read(ctx, hash)
        : this.userNow(entry, person),
    );
  }

  forget(hash: string): void {
    this.remembered.delete(hash);
  }

  private userNow(entry: Remembered, person: Person | undefined): UserInfo | undefined {
    if (!entry.known || person?.uid !== entry.known.uid) return undefined;
    if (entry.person === person && entry.user) return entry.user;
    entry.person = person;
    entry.user = asAuthenticated(userOf(person, entry.known));
    return entry.user;
  }

  private read(ctx: Context, hash: string): Promise<UserInfo | undefined> {
    const before = this.looks.get(hash);
    if (before) return before;
    if (this.looks.size >= MOST_LOOKUPS)
      throw newTooManyRequests('too many credentials are looked up, please try again');
    // Whoever came first may go; the others still wait.
    const look = this.readAlone(withSignal(ctx, NEVER), hash).finally(() => this.looks.delete(hash));
    this.looks.set(hash, look);
    return look;
  }

  private async readAlone(ctx: Context, hash: string): Promise<UserInfo | undefined> {
    const asked = ctx.clock.now();
    const known = await this.lookUpSettled(ctx, hash);
    const person = known && (await this.people.find(ctx, known.account));
    const until = Math.min(asked + REMEMBERED_MILLISECONDS, known?.endsAt ?? Infinity);
    return this.keep(hash, { known, until }, person);
  }

  /** What is revoked while it is looked up is looked up again. */
  private async lookUpSettled(ctx: Context, hash: string): Promise<KnownCredential | undefined> {
    for (;;) {
      const before = this.people.revocations;
      const known = await this.lookUp(ctx, hash);
      if (this.people.revocations === before) return known;
    }
  }

  private keep(hash: string, entry: Remembered, person: Person | undefined): UserInfo | undefined {
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value ?? '');
    this.remembered.set(hash, entry);
    return this.userNow(entry, person);
  }
}
