import { LIST_CREATE, MAP_CREATE } from '../cost/index.js';
import { ArrayList, CelError, HashMap, isError, keyText, Optional, typeName, type Value } from '../values/index.js';
import type { Frame } from './frame.js';
import type { Step } from './step.js';

export class ListStep implements Step {
  constructor(
    private readonly elements: readonly Step[],
    private readonly optional: ReadonlySet<number>,
  ) {}

  evaluate(frame: Frame): Value {
    const list = this.build(frame);
    frame.meter.charge(LIST_CREATE);
    return list;
  }

  private build(frame: Frame): Value {
    const values: Value[] = [];
    for (const [index, element] of this.elements.entries()) {
      const value = element.evaluate(frame);
      if (isError(value)) return value;
      if (!this.optional.has(index)) values.push(value);
      else if (!(value instanceof Optional)) {
        return new CelError(`cannot initialize optional list element from non-optional value ${typeName(value)}`);
      } else if (value.value !== undefined) values.push(value.value);
    }
    return new ArrayList(values);
  }
}

export interface EntryStep {
  readonly key: Step;
  readonly value: Step;
  readonly optional: boolean;
}

export class MapStep implements Step {
  constructor(private readonly entries: readonly EntryStep[]) {}

  evaluate(frame: Frame): Value {
    const map = this.build(frame);
    frame.meter.charge(MAP_CREATE);
    return map;
  }

  private build(frame: Frame): Value {
    const entries = new Map<string, readonly [Value, Value]>();
    for (const step of this.entries) {
      const key = step.key.evaluate(frame);
      const value = isError(key) ? key : step.value.evaluate(frame);
      if (isError(value)) return value;
      const failed = add(entries, key, value, step.optional);
      if (failed) return failed;
    }
    return new HashMap(entries);
  }
}

function add(
  entries: Map<string, readonly [Value, Value]>,
  key: Value,
  value: Value,
  optional: boolean,
): CelError | undefined {
  const text = keyText(key);
  if (text === undefined) return new CelError(`unsupported key type: ${typeName(key)}`);
  if (!optional) entries.set(text, [key, value]);
  else if (!(value instanceof Optional)) {
    return new CelError(`cannot initialize optional entry '${String(key)}' from non-optional value ${typeName(value)}`);
  } else if (value.value === undefined) entries.delete(text);
  else entries.set(text, [key, value.value]);
  return undefined;
}
