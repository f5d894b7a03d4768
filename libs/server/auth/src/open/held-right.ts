import type { StatusError } from '@binnacle/machinery-meta';
import type { Context, Soon } from '@binnacle/machinery-context';
import type { AuthorizationAttributes } from '../authorizer.js';
import { CREDENTIAL_ID, type UserInfo } from '../user-info.js';

/** Something that goes on for as long as it is allowed: a watch, a live list, a subscription, a stream. */
export interface Holder {
  /** It is allowed no more (Forbidden), or whoever opened it is not believed any more (Unauthorized). Called once. */
  end(why: StatusError): void;
  /** Rights of the cluster may have changed, and it is allowed as before. */
  kept?(): void;
  /** A list or watch across namespaces is allowed in others than before; undefined stands for all of them. */
  narrow?(namespaces: ReadonlySet<string> | undefined): void;
}

/** What somebody opened: a connection, or something by a right. */
export interface Opened {
  readonly user: UserInfo;
  /** As it was asked for: of the past, with its moment. */
  readonly cluster: string;
  /** Which revocations were known when the user was believed, or allowed it. */
  readonly since: number;
  /** By what right; absent where being believed is enough. */
  readonly right?: OpenedRight;
}

/** By what right somebody opened something. */
export interface OpenedRight {
  /** All of this must stay allowed; of a list or watch across namespaces it is the first that may be narrowed. */
  readonly attributes: readonly [AuthorizationAttributes, ...AuthorizationAttributes[]];
  /** Where the first was allowed when it was asked for; undefined for everywhere. */
  readonly namespaces: ReadonlySet<string> | undefined;
  /** Throws or rejects with Forbidden or Unauthorized where it is allowed no more. */
  readonly ask: (ctx: Context, attributes: AuthorizationAttributes) => Soon<StillAllowed>;
}

/** What is allowed as it is now. */
export interface StillAllowed {
  readonly namespaces: ReadonlySet<string> | undefined;
  /** When it has to be asked for again, milliseconds since the epoch; undefined where changes are told. */
  readonly until: number | undefined;
}

/** Whose proofs are not believed any more. */
export interface Revocation {
  /** Only what was opened in this logical cluster; in all of them without it. */
  readonly cluster?: string;
  /** Every proof of this user. */
  readonly user?: string;
  /** Only this proof of somebody, as `CREDENTIAL_ID` of their `extra` says it. */
  readonly credential?: string;
}

export const keyOfUser = (name: string): string => `user ${name}`;
export const keyOfCredential = (id: string): string => `credential ${id}`;

/** What a user can be found by when a proof of theirs is revoked. */
function keysOf({ name, extra }: UserInfo): string[] {
  return [keyOfUser(name), ...(extra?.[CREDENTIAL_ID] ?? []).map(keyOfCredential)];
}

/** Whose proofs it takes to be somebody. */
function proversOf(user: UserInfo): UserInfo[] {
  return user.impersonator ? [user, ...proversOf(user.impersonator.user)] : [user];
}

/** When the first of several proofs ends; undefined where none does. */
function firstEnd(provers: readonly UserInfo[]): number | undefined {
  const ends = provers.flatMap(({ expiresAt }) => expiresAt ?? []);
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

export function sameNamespaces(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.size !== b.size) return false;
  for (const namespace of a) if (!b.has(namespace)) return false;
  return true;
}

/** One thing that is held open. */
export class HeldRight {
  readonly keys: readonly string[];
  readonly expiresAt: number | undefined;
  private namespaces: ReadonlySet<string> | undefined;
  isOver = false;
  /** How often it has been asked for again. */
  asked = 0;

  constructor(
    readonly opened: Opened,
    private readonly holder: Holder,
  ) {
    const provers = proversOf(opened.user);
    this.namespaces = opened.right?.namespaces;
    this.keys = [...new Set(provers.flatMap(keysOf))];
    this.expiresAt = firstEnd(provers);
  }

  get cluster(): string {
    return this.opened.cluster;
  }

  end(why: StatusError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.holder.end(why);
  }

  /** It is still allowed. */
  confirm(namespaces: ReadonlySet<string> | undefined): void {
    if (this.isOver) return;
    this.holder.kept?.();
    if (sameNamespaces(this.namespaces, namespaces)) return;
    this.namespaces = namespaces;
    this.holder.narrow?.(namespaces);
  }
}
