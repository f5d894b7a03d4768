import { CelError, CelMap, GrowingList, GrowingMap, isError, List, typeName, type Value } from '../values/index.js';
import { type Frame, LazyFrame, LoopFrame } from './frame.js';
import type { Step } from './step.js';

export interface FoldParts {
  readonly range: Step;
  readonly iterVar: string;
  readonly iterVar2: string | undefined;
  readonly accuVar: string;
  readonly init: Step;
  readonly condition: Step;
  readonly step: Step;
  readonly result: Step;
}

/** A list or a map that grows in place where the accumulator starts empty. */
function growing(init: Value): Value {
  if (init instanceof List && init.size === 0) return new GrowingList();
  return init instanceof CelMap && init.size === 0 ? new GrowingMap() : init;
}

function frozen(value: Value): Value {
  return value instanceof GrowingList || value instanceof GrowingMap ? value.freeze() : value;
}

/** Goes over a list or a map. */
export class Fold implements Step {
  constructor(private readonly parts: FoldParts) {}

  evaluate(frame: Frame): Value {
    const { accuVar, init, range, result } = this.parts;
    const over = range.evaluate(frame);
    if (isError(over)) return over;
    const entries = this.entries(over);
    if (isError(entries as Value)) return entries as CelError;
    const accu = new LazyFrame(frame, accuVar, () => growing(init.evaluate(frame)));
    this.loop(accu, entries as Iterable<readonly [Value, Value]>);
    return frozen(result.evaluate(accu));
  }

  private loop(accu: LazyFrame, entries: Iterable<readonly [Value, Value]>): void {
    const { iterVar, iterVar2, condition, step } = this.parts;
    const inner = new LoopFrame(accu, iterVar, iterVar2);
    for (const [first, second] of entries) {
      accu.meter.work(1);
      inner.set(first, second);
      if (condition.evaluate(inner) === false) return;
      accu.set(step.evaluate(inner));
    }
  }

  /** What the variables stand for, step by step. */
  private entries(over: Value): Iterable<readonly [Value, Value]> | CelError {
    const two = this.parts.iterVar2 !== undefined;
    if (over instanceof List) return two ? indexed(over) : singly(over);
    if (over instanceof CelMap) return two ? keyed(over) : singly(over.keys());
    return new CelError(
      two ? 'unsupported comprehension range type' : `got '${typeName(over)}', expected iterable type`,
    );
  }
}

function* singly(values: Iterable<Value>): Iterable<readonly [Value, Value]> {
  for (const value of values) yield [value, null];
}

function* indexed(list: List): Iterable<readonly [Value, Value]> {
  for (let index = 0; index < list.size; index += 1) yield [BigInt(index), list.at(index)];
}

function* keyed(map: CelMap): Iterable<readonly [Value, Value]> {
  for (const key of map.keys()) yield [key, map.find(key) ?? null];
}
