import type { Meter, Value } from '../values/index.js';

/** What the names of an expression stand for while it is evaluated. */
export interface Frame {
  readonly meter: Meter;
  /** Undefined where there is no such variable. */
  resolve(name: string): Value | undefined;
}

/** A frame with one more name, whose value is made when it is first looked at. */
export class LazyFrame implements Frame {
  readonly meter: Meter;
  private value: Value | undefined;

  constructor(
    private readonly outer: Frame,
    private readonly name: string,
    private readonly make: () => Value,
  ) {
    this.meter = outer.meter;
  }

  resolve(name: string): Value | undefined {
    if (name !== this.name) return this.outer.resolve(name);
    this.value ??= this.make();
    // Null is a value like any other, and made again it costs no more.
    return this.value;
  }

  set(value: Value): void {
    this.value = value;
  }
}

/** The names of a comprehension's variables, whose values change from step to step. */
export class LoopFrame implements Frame {
  readonly meter: Meter;
  private first: Value = null;
  private second: Value = null;

  constructor(
    private readonly outer: Frame,
    private readonly firstName: string,
    private readonly secondName: string | undefined,
  ) {
    this.meter = outer.meter;
  }

  resolve(name: string): Value | undefined {
    if (name === this.firstName) return this.first;
    return name === this.secondName ? this.second : this.outer.resolve(name);
  }

  set(first: Value, second: Value): void {
    this.first = first;
    this.second = second;
  }
}
