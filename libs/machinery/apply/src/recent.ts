/** What a text costs besides its characters. */
const OVERHEAD = 32;

interface Kept<T> {
  readonly value: T;
  readonly size: number;
}

/** What was made of some texts lately, so that equal texts share it. The oldest go first. */
export class Recent<T> {
  private readonly values = new Map<string, Kept<T>>();
  private size = 0;

  /** `capacity`: of the texts kept, in characters. */
  constructor(private readonly capacity: number) {}

  get(text: string, make: () => T): T {
    return this.find(text) ?? this.keep(text, make());
  }

  find(text: string): T | undefined {
    return this.values.get(text)?.value;
  }

  /** `length`: of what is kept, where that is not the text itself. What was kept by the text before goes. */
  keep(text: string, value: T, length = text.length): T {
    this.forget(text);
    this.values.set(text, { value, size: length + OVERHEAD });
    this.size += length + OVERHEAD;
    for (const oldest of this.values.keys()) {
      if (this.size <= this.capacity) break;
      this.forget(oldest);
    }
    return value;
  }

  private forget(text: string): void {
    this.size -= this.values.get(text)?.size ?? 0;
    this.values.delete(text);
  }
}
