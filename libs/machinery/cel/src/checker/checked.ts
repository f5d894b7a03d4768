import type { Expr } from '../syntax/index.js';
import { type CelType, DYN } from '../types/index.js';

/** What the checker found out about an expression. */
export class Checked {
  readonly types = new Map<number, CelType>();
  /** The ways to call that are left, for each call. */
  readonly overloads = new Map<number, readonly string[]>();
  /** Selections that name something as a whole, as `google.protobuf.Timestamp`. */
  readonly qualified = new Map<number, string>();
  /** Calls of functions with a namespace, as `optional.of`: their target is no value. */
  readonly namespaced = new Map<number, string>();
  readonly references = new Set<string>();

  typeOf({ id }: Expr): CelType {
    return this.types.get(id) ?? DYN;
  }
}
