/** How many entries of rules are compared where one question is answered: about a tenth of a second. */
const MOST_ENTRIES = 4_000_000;

/** What may still be done for one question: who writes roles chooses how much there is to compare. */
export class Effort {
  constructor(private left = MOST_ENTRIES) {}

  /** Whether nothing more is to be done. */
  get isSpent(): boolean {
    return this.left <= 0;
  }

  spend(entries: number): void {
    this.left -= entries;
  }
}
