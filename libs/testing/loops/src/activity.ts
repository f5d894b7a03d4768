/** Turns of the event loop without anything happening after which nothing more will, until time moves or somebody asks. */
const QUIET_TURNS = 4;
/** Something is wrong with whoever keeps busy for longer than this. */
const MOST_TURNS = 3_000;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What goes on between a client and a server in one process: requests under way, and what has been handed over. */
export class Activity {
  private readonly underWay = new Set<string>();
  private count = 0;

  /** Something was handed over. */
  note(): void {
    this.count += 1;
  }

  /** Counts work as under way until it has ended. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    const label = `${name} (${this.count})`;
    this.underWay.add(label);
    this.note();
    try {
      return await work();
    } finally {
      this.underWay.delete(label);
      this.note();
    }
  }

  /** Resolves when nothing is under way and nothing has been handed over for so many turns of the event loop. */
  async settled(quietTurns = QUIET_TURNS, mostTurns = MOST_TURNS): Promise<void> {
    let quiet = 0;
    for (let turns = 0; quiet < quietTurns; turns += 1) {
      if (turns > mostTurns) throw new Error(`never quiet; under way: ${[...this.underWay].join(', ')}`);
      const before = this.count;
      await turn();
      quiet = this.underWay.size === 0 && this.count === before ? quiet + 1 : 0;
    }
  }
}
