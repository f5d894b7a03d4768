import type { Value } from '../values/index.js';
import type { Frame } from './frame.js';

/** One planned part of an expression. */
export interface Step {
  /** The value, with all of its cost. */
  evaluate(frame: Frame): Value;
  /** The value where it is known without evaluating. */
  readonly constant?: Value;
}

/**
 * A variable, or what is reached from a value by fields and indexes. cel-go charges for such a chain once at its end, and
 * not at all where the chain is a branch of `?:` or an index of another.
 */
export interface Attribute extends Step {
  /** The value without the charge for the chain's end. */
  resolve(frame: Frame): Value;
}

export const isAttribute = (step: Step): step is Attribute => 'resolve' in step;

export class Constant implements Step {
  constructor(readonly constant: Value) {}

  evaluate(): Value {
    return this.constant;
  }
}
