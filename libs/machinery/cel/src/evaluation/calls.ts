import { runtimeCallCost } from '../cost/index.js';
import type { Overload } from '../functions/index.js';
import type { CelType, ListType, OpaqueType } from '../types/index.js';
import {
  CelError,
  CelMap,
  Duration,
  isError,
  isOpaque,
  List,
  noSuchOverload,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '../values/index.js';
import type { Frame } from './frame.js';
import type { Step } from './step.js';

type Test = (value: Value) => boolean;

/** Whether a value is of a type without parts. */
const SCALARS: Partial<Record<CelType['kind'], Test>> = {
  null: (value) => value === null,
  bool: (value) => typeof value === 'boolean',
  int: (value) => typeof value === 'bigint',
  double: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  uint: (value) => value instanceof Uint,
  bytes: (value) => value instanceof Uint8Array,
  timestamp: (value) => value instanceof Timestamp,
  duration: (value) => value instanceof Duration,
  type: (value) => value instanceof TypeValue,
  map: (value) => value instanceof CelMap,
};

const anything: Test = () => true;

/** Of a list, its first element is looked at. */
function listTest({ element }: ListType): Test {
  const fits = testOf(element);
  return (value) => value instanceof List && (fits === anything || value.size === 0 || fits(value.at(0)));
}

function opaqueTest({ name, parameters: [of] }: OpaqueType): Test {
  if (name !== 'optional_type') return (value) => value !== null && isOpaque(value) && value.typeName === name;
  const fits = of ? testOf(of) : anything;
  return (value) => value instanceof Optional && (value.value === undefined || fits(value.value));
}

/** Tells whether a value may be an argument of a type, as far as it can be told at a glance. */
function testOf(type: CelType): Test {
  if (type.kind === 'list') return listTest(type);
  if (type.kind === 'opaque') return opaqueTest(type);
  return SCALARS[type.kind] ?? anything;
}

interface Candidate {
  readonly tests: readonly Test[];
  readonly invoke: Overload['invoke'];
}

/** The ways to call that the types left. */
function candidatesOf(overloads: readonly Overload[], id: string): Candidate[] {
  const chosen = id === '' ? overloads : overloads.filter((overload) => overload.id === id);
  return chosen.map(({ parameters, invoke }) => ({ tests: parameters.map(testOf), invoke }));
}

const accepts = ({ tests }: Candidate, args: readonly Value[]): boolean =>
  tests.length === args.length && args.every((arg, index) => tests[index]?.(arg));

const IS_OPERATOR = /^[^a-z]/;

const PATTERNS = new Set(['matches', 'find', 'findAll', 'format']);

/** Whether the pattern is written out, so that it is compiled before the call. */
export const isPlannedPattern = (name: string, args: readonly Step[]): boolean =>
  PATTERNS.has(name) && (name === 'format' || typeof args[1]?.constant === 'string');

/** A call of a function by the values of its arguments. */
export class FunctionCall implements Step {
  /** cel-go stops at the first error of such calls, and charges nothing for them where arguments are left. */
  private readonly stopsAtErrors: boolean;
  private readonly candidates: readonly Candidate[];

  constructor(
    private readonly name: string,
    /** The overload where the types told which. */
    private readonly overload: string,
    overloads: readonly Overload[],
    private readonly args: readonly Step[],
  ) {
    this.candidates = candidatesOf(overloads, overload);
    this.stopsAtErrors = args.length > 2 || isPlannedPattern(name, args);
  }

  evaluate(frame: Frame): Value {
    const args: Value[] = [];
    let failed: CelError | undefined;
    for (const step of this.args) {
      const value = step.evaluate(frame);
      args.push(value);
      if (isError(value)) failed ??= value;
      if (failed && this.stopsAtErrors && args.length < this.args.length) return failed;
    }
    const result = failed ?? this.invoke(args, frame);
    frame.meter.charge(runtimeCallCost({ name: this.name, overload: this.overload, args, result, meter: frame.meter }));
    return result;
  }

  private invoke(args: readonly Value[], frame: Frame): Value {
    const chosen = this.candidates.find((candidate) => accepts(candidate, args));
    if (chosen?.invoke) return chosen.invoke(...([...args, frame.meter] as never[]));
    return IS_OPERATOR.test(this.name) ? noSuchOverload() : new CelError(`no such overload: ${this.name}`);
  }
}

/** Asks whether a value is not false; errors are not. */
export class NotStrictlyFalse implements Step {
  constructor(private readonly operand: Step) {}

  evaluate(frame: Frame): Value {
    const value = this.operand.evaluate(frame);
    frame.meter.charge(1);
    return value !== false;
  }
}

/** `&&` and `||`: one side may decide, whatever the other is. */
export class Logic implements Step {
  constructor(
    private readonly terms: readonly Step[],
    /** The value that decides: false for `&&`. */
    private readonly decisive: boolean,
  ) {}

  evaluate(frame: Frame): Value {
    let failed: CelError | undefined;
    for (const term of this.terms) {
      const value = term.evaluate(frame);
      if (value === this.decisive) return value;
      if (typeof value !== 'boolean') failed ??= noSuchOverload(value);
    }
    return failed ?? !this.decisive;
  }
}

/** `or` and `orValue`: the second is only looked at where the first has no value. */
export class OptionalOr implements Step {
  constructor(
    private readonly left: Step,
    private readonly right: Step,
    private readonly unwraps: boolean,
  ) {}

  evaluate(frame: Frame): Value {
    const value = this.left.evaluate(frame);
    if (!(value instanceof Optional)) return value;
    if (value.value === undefined) return this.right.evaluate(frame);
    return this.unwraps ? value.value : value;
  }
}
