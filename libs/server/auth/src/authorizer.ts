import type { Context, Soon } from '@binnacle/machinery-context';
import type { Act } from './act.js';
import type { UserInfo } from './user-info.js';

/** What somebody wants to do. */
export interface AuthorizationAttributes extends Act {
  readonly user: UserInfo;
}

/** Yes; no, with a reason; or, of a list or watch across namespaces that is not allowed as a whole, in some of them. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  /** Where what is not allowed everywhere is allowed. Who does not look at it refuses. */
  readonly namespaces?: ReadonlySet<string>;
  /** No, whoever else would allow it. */
  readonly denied?: boolean;
  /** Why it could not be decided; then it is neither allowed nor refused. */
  readonly error?: string;
  /** Until when a yes holds without being asked for again, in milliseconds since the epoch; absent where whoever decides tells of changes. */
  readonly until?: number;
}

export interface Authorizer {
  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision>;
}
