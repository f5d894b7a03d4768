/** One number for every node row, growing with the table. */
export class Column {
  private values: Float64Array;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  /** The array itself, for loops; valid until the table next grows. */
  get array(): Float64Array {
    return this.values;
  }

  get(row: number): number {
    return this.values[row] ?? 0;
  }

  set(row: number, value: number): void {
    this.values[row] = value;
  }

  add(row: number, amount: number): void {
    this.values[row] = this.get(row) + amount;
  }

  grow(capacity: number): void {
    const next = new Float64Array(capacity);
    next.set(this.values);
    this.values = next;
  }
}

/** What nodes have of one resource, and what their Pods ask of it. */
export interface ResourceColumns {
  readonly allocatable: Column;
  readonly requested: Column;
}
