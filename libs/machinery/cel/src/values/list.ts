import type { Value } from './value.js';

/** A list. `at` is only asked for what is there. */
export abstract class List implements Iterable<Value> {
  abstract readonly size: number;
  abstract at(index: number): Value;

  *[Symbol.iterator](): Iterator<Value> {
    for (let index = 0; index < this.size; index += 1) yield this.at(index);
  }

  /** The two in a row, or merged where the list says so. */
  abstract concat(other: List): List;
}

export class ArrayList extends List {
  static readonly empty = new ArrayList([]);

  constructor(private readonly values: readonly Value[]) {
    super();
  }

  get size(): number {
    return this.values.length;
  }

  at(index: number): Value {
    return this.values[index] ?? null;
  }

  concat(other: List): List {
    if (other.size === 0) return this;
    return this.size === 0 ? other : new ConcatList(this, other);
  }
}

/** What a comprehension gathers: grows at its end without copying what it has. */
export class GrowingList extends List {
  private readonly values: Value[] = [];

  get size(): number {
    return this.values.length;
  }

  at(index: number): Value {
    return this.values[index] ?? null;
  }

  concat(other: List): List {
    for (const value of other) this.values.push(value);
    return this;
  }

  freeze(): List {
    return new ArrayList(this.values);
  }
}

/** Two lists in a row, flattened when they are first read. */
class ConcatList extends List {
  readonly size: number;
  private flat: Value[] | undefined;

  constructor(
    private left: List,
    private right: List,
  ) {
    super();
    this.size = left.size + right.size;
  }

  at(index: number): Value {
    return this.flatten()[index] ?? null;
  }

  concat(other: List): List {
    return other.size === 0 ? this : new ConcatList(this, other);
  }

  private flatten(): Value[] {
    if (this.flat) return this.flat;
    const flat: Value[] = [];
    const waiting: List[] = [this];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (next instanceof ConcatList && !next.flat) waiting.push(next.right, next.left);
      else for (const value of next) flat.push(value);
    }
    this.flat = flat;
    this.left = this.right = ArrayList.empty;
    return flat;
  }
}
