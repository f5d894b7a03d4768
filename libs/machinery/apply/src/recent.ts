/** What a text costs besides its characters. */
const OVERHEAD = 32;

/** What was made of some texts lately, so that equal texts share it. The oldest go first. */
export class Recent<T> {
  private readonly values = new Map<string, T>();
  private size = 0;

  /** `capacity`: of the texts kept, in characters. */
  constructor(private readonly capacity: number) {}

  get(text: string, make: () => T): T {
    return this.find(text) ?? this.keep(text, make());
  }

  find(text: string): T | undefined {
    return this.values.get(text);
  }

  keep(text: string, value: T): T {
    if (!this.values.has(text)) this.size += text.length + OVERHEAD;
    this.values.set(text, value);
    for (const oldest of this.values.keys()) {
      if (this.size <= this.capacity) break;
      this.values.delete(oldest);
      this.size -= oldest.length + OVERHEAD;
    }
    return value;
  }
}
