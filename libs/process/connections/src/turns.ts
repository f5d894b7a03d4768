/** What waits, by turns of those who ask: who has had one taken goes to the end of the line, with what is left. */
export class Turns<Asker, Item> {
  private readonly waiting = new Map<Asker, Item[]>();

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  add(asker: Asker, item: Item): void {
    const before = this.waiting.get(asker);
    if (before) before.push(item);
    else this.waiting.set(asker, [item]);
  }

  /** Takes what is next; undefined where nothing waits. */
  take(): Item | undefined {
    const [first] = this.waiting;
    if (!first) return undefined;
    const [asker, items] = first;
    this.waiting.delete(asker);
    const item = items.shift();
    if (items.length > 0) this.waiting.set(asker, items);
    return item;
  }
}
