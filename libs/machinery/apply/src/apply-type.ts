/** What a scalar may be; `untyped` is any of them, as quantities and times are. */
export type ScalarKind = 'string' | 'numeric' | 'boolean' | 'untyped';

/**
 * What server-side apply must know of a value: whether it is owned as a whole (`atomic`) or in parts, how the parts are told
 * apart, and what a configuration may say there. Behaves as sigs.k8s.io/structured-merge-diff schema.
 */
export type ApplyType = ScalarApplyType | ListApplyType | MapApplyType | StructApplyType | AnyApplyType;

export interface ScalarApplyType {
  readonly kind: 'scalar';
  readonly of: ScalarKind;
}

export interface ListApplyType {
  readonly kind: 'list';
  readonly of: ApplyType;
  /** `set`: elements are told apart by what they are; `map`: by their keys. */
  readonly as: 'atomic' | 'set' | 'map';
  readonly keys: readonly string[];
}

/** Members of any name. */
export interface MapApplyType {
  readonly kind: 'map';
  readonly of: ApplyType;
  readonly atomic: boolean;
}

/** Members that the schema names. */
export interface StructApplyType {
  readonly kind: 'struct';
  readonly atomic: boolean;
  /** Of what is not named, where that may be. */
  readonly others?: ApplyType;
  member(name: string): ApplyMember | undefined;
  /** The members that upstream writes even where they have no value. */
  readonly written: readonly ApplyMember[];
}

/** Whatever the value is: objects are owned member by member unless it is `atomic`, all else as a whole. */
export interface AnyApplyType {
  readonly kind: 'any';
  readonly atomic: boolean;
}

export interface ApplyMember {
  readonly name: string;
  readonly type: ApplyType;
  /** What stands there where nobody said anything: null, `""`, 0, false or `{}`; undefined where nothing does. */
  readonly zero?: unknown;
  /** What it is taken for where it is a key of a list's element and left out. */
  readonly default?: unknown;
}

export const UNTYPED: ApplyType = { kind: 'scalar', of: 'untyped' };

/** A value without a schema that is owned as a whole. */
export const ATOMIC: ApplyType = { kind: 'any', atomic: true };

/** A value without a schema: objects are owned member by member, all else as a whole. */
export const DEDUCED: ApplyType = { kind: 'any', atomic: false };
