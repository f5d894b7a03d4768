import type { Budget } from '../cost/budget.js';

/** Values inside which no pause is made. */
const SMALL = 200;
/** Characters of one piece, about. */
const PIECE = 64 * 1024;

function countUpTo(value: unknown, left: number): number {
  if (left <= 0 || typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const item of Object.values(value)) {
    count += countUpTo(item, left - count);
    if (count >= left) return count;
  }
  return count;
}

/** Writes an answer as JSON piece by piece, charging for each, so that megabytes of it stop nobody. */
export class AnswerText {
  private readonly pieces: string[] = [];
  private pending = '';

  constructor(private readonly budget: Budget) {}

  /** @throws StatusError RequestEntityTooLarge where the answer grows beyond what one may be. */
  async write(value: unknown): Promise<void> {
    if (countUpTo(value, SMALL) < SMALL) {
      // As members of an answer are told that are not there.
      this.add(JSON.stringify(value) ?? 'null');
      if (this.pending.length > PIECE) await this.flush();
      return;
    }
    if (Array.isArray(value))
      return this.writeMembers(
        '[',
        ']',
        value.map((item) => ['', item] as const),
      );
    const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
    return this.writeMembers(
      '{',
      '}',
      members.map(([name, member]) => [`${JSON.stringify(name)}:`, member] as const),
    );
  }

  /** Text that is JSON already. */
  add(text: string): void {
    this.pending += text;
  }

  /** The whole, as it is sent. */
  async end(): Promise<readonly string[]> {
    await this.flush();
    return this.pieces;
  }

  private async writeMembers(
    open: string,
    close: string,
    members: readonly (readonly [name: string, value: unknown])[],
  ): Promise<void> {
    this.add(open);
    let separator = '';
    for (const [name, value] of members) {
      this.add(`${separator}${name}`);
      await this.write(value);
      separator = ',';
    }
    this.add(close);
  }

  private async flush(): Promise<void> {
    if (!this.pending) return;
    const piece = this.pending;
    this.pending = '';
    this.pieces.push(piece);
    const points = this.budget.answer(piece.length);
    const pause = this.budget.lane.step(points);
    if (pause) await pause;
  }
}
