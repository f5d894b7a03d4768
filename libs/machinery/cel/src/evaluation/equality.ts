import { runtimeCallCost } from '../cost/index.js';
import { equals, isError, List, type Value, keyText } from '../values/index.js';
import type { Frame } from './frame.js';
import type { Step } from './step.js';

/** `==` and `!=`. What cannot be compared is unequal. */
export class Equality implements Step {
  constructor(
    private readonly left: Step,
    private readonly right: Step,
    private readonly negated: boolean,
  ) {}

  evaluate(frame: Frame): Value {
    const args = [this.left.evaluate(frame), this.right.evaluate(frame)] as const;
    const result = this.compare(args, frame);
    const [name, overload] = this.negated ? ['_!=_', 'not_equals'] : ['_==_', 'equals'];
    frame.meter.charge(runtimeCallCost({ name, overload, args, result, meter: frame.meter }));
    return result;
  }

  private compare([left, right]: readonly [Value, Value], frame: Frame): Value {
    if (isError(left)) return left;
    if (isError(right)) return right;
    const equal = equals(left, right, frame.meter);
    return this.negated ? equal !== true : equal;
  }
}

const isPrimitive = (value: Value): boolean => keyText(value) !== undefined;

/** The elements of a list that is written out, as a set; undefined where they do not make one. */
export function membersOf(list: Value | undefined): ReadonlySet<string> | undefined {
  if (!(list instanceof List)) return undefined;
  const values = [...list];
  return values.every(isPrimitive) ? new Set(values.map((value) => keyText(value) ?? '')) : undefined;
}

/** `x in ['a', 'b']`: the set is made once, and looking into it costs nothing. */
export class Membership implements Step {
  constructor(
    private readonly operand: Step,
    private readonly members: ReadonlySet<string>,
  ) {}

  evaluate(frame: Frame): Value {
    const value = this.operand.evaluate(frame);
    if (isError(value)) return value;
    return this.members.has(keyText(value) ?? '');
  }
}
