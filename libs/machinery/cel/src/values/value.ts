import type { CelMap } from './map.js';
import type { List } from './list.js';

/** An unsigned 64-bit integer. */
export class Uint {
  constructor(readonly value: bigint) {}
}

/** A point in time, in nanoseconds since 1970, and the offset from UTC in minutes in which it was written. */
export class Timestamp {
  constructor(
    readonly nanos: bigint,
    readonly offset = 0,
  ) {}
}

/** A length of time in nanoseconds. */
export class Duration {
  constructor(readonly nanos: bigint) {}
}

/** A type as a value: what `type(x)` answers and what `int` means. */
export class TypeValue {
  constructor(readonly name: string) {}
}

/** A value that may be absent. */
export class Optional {
  static readonly none = new Optional(undefined);

  private constructor(readonly value: Value | undefined) {}

  static of(value: Value): Optional {
    return new Optional(value);
  }
}

/** A value that stands in bindings ready-made, where no JSON could tell it. What comes from outside is never of this class. */
export class Ready {
  constructor(readonly value: Value) {}
}

/** What an expression without a value evaluates to. Errors are values here, as `&&` and `||` may absorb them. */
export class CelError {
  constructor(readonly message: string) {}
}

/** A value of a library's own type, as an IP address. */
export interface Opaque {
  readonly typeName: string;
  /** Undefined where the other is of another type and cannot be compared. */
  equals(other: Opaque): boolean | undefined;
  /** What its size counts as in costs, where that is not one. */
  readonly costSize?: number;
}

/** An int is a bigint, a double a number. */
export type Value =
  | boolean
  | bigint
  | number
  | string
  | null
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | TypeValue
  | Optional
  | CelError
  | List
  | CelMap
  | Opaque;

export const isError = (value: Value): value is CelError => value instanceof CelError;

export const noSuchOverload = (value?: Value): CelError =>
  value instanceof CelError ? value : new CelError('no such overload');

export const isOpaque = (value: Value): value is Opaque =>
  typeof value === 'object' && value !== null && 'typeName' in value;
