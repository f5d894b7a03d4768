import { newRequestEntityTooLarge, newTooManyRequests } from '@binnacle/machinery-meta';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The largest body, as upstream's. */
export const BODY_LIMIT = 3 * MIB;
/** The largest body of who is not known yet: enough for a name and a password. */
export const SMALL_BODY_LIMIT = 8 * KIB;

export interface BodyBudgetLimits {
  /** Bytes of all bodies held at a time. */
  readonly inAll: number;
  /** Bytes of one identity's bodies held at a time. */
  readonly each: number;
  /** Bytes each identity has whatever the others hold, so that nobody is starved of small requests. */
  readonly assured: number;
  /** Bytes of all bodies that are held by what is assured. */
  readonly most: number;
}

const LIMITS: BodyBudgetLimits = { inAll: 64 * MIB, each: 16 * MIB, assured: 256 * KIB, most: 96 * MIB };
const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** Who may make service accounts in a namespace has no more for having made many. */
const sharerOf = (user: string): string =>
  user.startsWith(SERVICE_ACCOUNT) ? user.slice(0, user.lastIndexOf(':')) : user;
const RETRY_SECONDS = 1;

export function tooLarge(limit: number): Error {
  return newRequestEntityTooLarge(`limit is ${limit}`);
}

/** What one request holds of the budget. */
export interface BodyShare {
  /** Throws TooManyRequests where so many more bytes cannot be held, and for a request that is over. */
  take(bytes: number): void;
  /** Gives all of it back, for good: nobody would give back what was taken afterwards. */
  end(): void;
}

/** Bounds the bytes of request bodies in memory. They are counted as they come: who is slow to send holds nothing back. */
export class BodyBudget {
  private readonly held = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: BodyBudgetLimits = LIMITS) {}

  /** Bytes held now. */
  get bytes(): number {
    return this.total;
  }

  share(user: string): BodyShare {
    const identity = sharerOf(user);
    let mine = 0;
    let isOver = false;
    return {
      take: (bytes) => {
        if (isOver) throw newTooManyRequests('the request of this body is over', RETRY_SECONDS);
        this.requireRoom(identity, bytes);
        this.add(identity, bytes);
        mine += bytes;
      },
      end: () => {
        isOver = true;
        this.add(identity, -mine);
        mine = 0;
      },
    };
  }

  /** Throws TooManyRequests where a body of that size cannot be held now. */
  check(user: string, bytes: number): void {
    this.requireRoom(sharerOf(user), bytes);
  }

  private requireRoom(identity: string, bytes: number): void {
    const { inAll, each, assured, most } = this.limits;
    const own = (this.held.get(identity) ?? 0) + bytes;
    const total = this.total + bytes;
    if ((own <= assured && total <= most) || (own <= each && total <= inAll)) return;
    throw newTooManyRequests('too many request bodies are being read, please try again later', RETRY_SECONDS);
  }

  private add(identity: string, bytes: number): void {
    const own = (this.held.get(identity) ?? 0) + bytes;
    if (own > 0) this.held.set(identity, own);
    else this.held.delete(identity);
    this.total += bytes;
  }
}
