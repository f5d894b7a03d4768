import { SELECT } from '../cost/index.js';
import {
  CelError,
  CelMap,
  describeKey,
  isError,
  List,
  noSuchOverload,
  Optional,
  typeName,
  Uint,
  type Value,
} from '../values/index.js';
import type { Frame } from './frame.js';
import { type Attribute, isAttribute, type Step } from './step.js';

/** What a field or an index is reached with. */
export interface Qualifier {
  readonly key: Step;
  /** `.?` and `[?`: nothing is found where there is nothing. */
  readonly optional: boolean;
  /** Whether only the presence is asked for. */
  readonly testOnly: boolean;
}

const noSuchKey = (key: Value): CelError => new CelError(`no such key: ${describeKey(key)}`);

function wholeIndex(key: Value): bigint | CelError {
  if (typeof key === 'bigint') return key;
  if (key instanceof Uint) return key.value;
  if (typeof key !== 'number') return new CelError(`unsupported index type '${typeName(key)}' in list`);
  return Number.isInteger(key) ? BigInt(key) : new CelError(`unsupported index value ${describeKey(key)} in list`);
}

/** What is at a key; undefined where nothing is. */
function find(value: Value, key: Value): Value | undefined {
  if (value instanceof CelMap) return value.find(key);
  if (!(value instanceof List)) return undefined;
  const index = wholeIndex(key);
  if (isError(index)) return index;
  return index >= 0n && index < BigInt(value.size) ? value.at(Number(index)) : undefined;
}

const missing = (value: Value, key: Value): CelError =>
  value instanceof List ? new CelError(`index out of bounds: ${describeKey(key)}`) : noSuchKey(key);

/** A chain of fields and indexes. */
abstract class Chain implements Attribute {
  protected readonly qualifiers: Qualifier[] = [];

  evaluate(frame: Frame): Value {
    const value = this.resolve(frame);
    frame.meter.charge(this.isTest ? 0 : SELECT);
    return value;
  }

  abstract resolve(frame: Frame): Value;

  add(qualifier: Qualifier): void {
    this.qualifiers.push(qualifier);
  }

  private get isTest(): boolean {
    return this.qualifiers.at(-1)?.testOnly ?? false;
  }

  /** Goes down the chain. From the first `?` on, and from an optional, the answer is an optional too. */
  protected qualify(start: Value, frame: Frame): Value {
    if (this.qualifiers.length === 0) return start;
    let value = start instanceof Optional ? start.value : start;
    let optional = start instanceof Optional;
    for (const qualifier of this.qualifiers) {
      if (value === undefined) return this.isTest ? false : Optional.none;
      if (isError(value)) return value;
      optional ||= qualifier.optional;
      value = step(value, qualifier, optional, frame);
    }
    return this.end(value, optional);
  }

  private end(value: Value | undefined, optional: boolean): Value {
    if (value === undefined) return this.isTest ? false : Optional.none;
    return optional && !this.isTest && !isError(value) ? Optional.of(value) : value;
  }
}

/** One step down; undefined where an optional one finds nothing. */
function step(value: Value, { key, testOnly }: Qualifier, optional: boolean, frame: Frame): Value | undefined {
  const at = keyOf(key, frame);
  const found = isError(at) ? at : find(value, at);
  // What an optional step does not find costs nothing.
  if (!optional || isFound(found)) frame.meter.charge(1);
  if (testOnly && isFound(found)) return true;
  if (found !== undefined || optional) return found;
  return testOnly ? false : missing(value, at);
}

const isFound = (value: Value | undefined): boolean => value !== undefined && !isError(value);

/** An index that is a chain itself is charged for as an index only. */
const keyOf = (key: Step, frame: Frame): Value => (isAttribute(key) ? key.resolve(frame) : key.evaluate(frame));

export class Variable extends Chain {
  constructor(private readonly name: string) {
    super();
  }

  resolve(frame: Frame): Value {
    const value = frame.resolve(this.name);
    if (value === undefined) return new CelError(`no such attribute(s): ${this.name}`);
    return isError(value) ? value : this.qualify(value, frame);
  }
}

/** What is reached from any other value. */
export class Relative extends Chain {
  constructor(private readonly operand: Step) {
    super();
  }

  resolve(frame: Frame): Value {
    const value = this.operand.evaluate(frame);
    return isError(value) ? value : this.qualify(value, frame);
  }
}

/** `a ? b : c`, and what is reached from either. */
export class Conditional implements Attribute {
  constructor(
    private readonly condition: Step,
    private readonly then: Attribute,
    private readonly otherwise: Attribute,
  ) {}

  evaluate(frame: Frame): Value {
    return this.resolve(frame);
  }

  resolve(frame: Frame): Value {
    const condition = this.condition.evaluate(frame);
    if (condition === true) return this.then.resolve(frame);
    return condition === false ? this.otherwise.resolve(frame) : noSuchOverload(condition);
  }

  add(qualifier: Qualifier): void {
    for (const branch of [this.then, this.otherwise]) (branch as Chain | Conditional).add(qualifier);
  }
}

/** A step that more may be reached from. */
export const asChain = (step: Step): Chain | Conditional =>
  step instanceof Chain || step instanceof Conditional ? step : new Relative(step);
