/** A binary heap that can also drop any of its items: the least by `before` comes first. */
export class Heap<T> {
  private readonly items: T[] = [];
  private readonly places = new Map<T, number>();

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  has(item: T): boolean {
    return this.places.has(item);
  }

  push(item: T): void {
    this.put(this.items.length, item);
    this.rise(this.items.length - 1);
  }

  pop(): T | undefined {
    const first = this.items[0];
    if (first !== undefined) this.delete(first);
    return first;
  }

  delete(item: T): boolean {
    const place = this.places.get(item);
    if (place === undefined) return false;
    this.places.delete(item);
    const last = this.items.pop() as T;
    if (last !== item) {
      this.put(place, last);
      this.rise(place);
      this.sink(this.places.get(last) as number);
    }
    return true;
  }

  private put(place: number, item: T): void {
    this.items[place] = item;
    this.places.set(item, place);
  }

  private swap(a: number, b: number): void {
    const item = this.items[a] as T;
    this.put(a, this.items[b] as T);
    this.put(b, item);
  }

  private isBefore(a: number, b: number): boolean {
    return b < this.items.length && a < this.items.length && this.before(this.items[a] as T, this.items[b] as T);
  }

  private rise(place: number): void {
    for (let at = place; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(place: number): void {
    for (let at = place; ; ) {
      const left = 2 * at + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.isBefore(child, at)) return;
      this.swap(at, child);
      at = child;
    }
  }
}
