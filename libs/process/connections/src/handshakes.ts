import type { Clock } from '@binnacle/machinery-context';
import { Turns } from './turns.js';

/** Each takes a millisecond or two of the one thread whenever its client answers, and all may answer at the same moment. */
const MOST_UNDER_WAY = 16;
/** Who has not answered for so long is not waited for: their part is short when it comes. */
const PATIENCE_MILLISECONDS = 100;

type Start = (done: () => void) => void;

/** Handshakes under way: a few at a time, by turns of the addresses they come from. */
export class Handshakes {
  private readonly turns = new Turns<string, Start>();
  private underWay = 0;
  private isGoingOn = false;

  constructor(private readonly clock: Clock) {}

  /** `start` is called when there is room, and calls `done` when it has ended; without that it counts for 100 ms. */
  begin(address: string, start: Start): void {
    this.turns.add(address, start);
    this.goOn();
  }

  private goOn(): void {
    if (this.isGoingOn) return;
    this.isGoingOn = true;
    while (this.underWay < MOST_UNDER_WAY && !this.turns.isEmpty) this.startOne(this.turns.take());
    this.isGoingOn = false;
  }

  private startOne(start: Start | undefined): void {
    let isOver = false;
    const done = (): void => {
      if (isOver) return;
      isOver = true;
      forget();
      this.underWay -= 1;
      this.goOn();
    };
    const forget = this.clock.after(PATIENCE_MILLISECONDS, done);
    this.underWay += 1;
    start?.(done);
  }
}
