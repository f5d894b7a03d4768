import { newTooManyRequests } from '@binnacle/machinery-meta';

/** Smaller ones are worth no more than the requests for them, which a connection may have only so many of. */
const COUNTED_FROM = 8 * 1024;
/** What may wait for the slow readers of one identity, in bytes. */
const MOST_UNSENT = 128 * 1024 * 1024;

const nothing = (): void => undefined;

/**
 * Counts the answers that wait for their readers. A request gives its seat back when its answer is made, so that a
 * slow reader keeps nobody waiting; what answers take until they are read is bounded here instead.
 */
export class UnsentAnswers {
  private readonly bytes = new Map<string, number>();

  constructor(private readonly most = MOST_UNSENT) {}

  /** Answers what is to be called when the answer has been sent. Throws TooManyRequests for whoever reads too slowly. */
  begin(user: string, size: number): () => void {
    if (size < COUNTED_FROM) return nothing;
    this.refuseIfFull(user, size);
    this.bytes.set(user, (this.bytes.get(user) ?? 0) + size);
    return () => this.end(user, size);
  }

  /** Throws TooManyRequests where there is no room for as much more: to be asked before it is made, which costs far more. */
  refuseIfFull(user: string, size: number): void {
    const before = this.bytes.get(user) ?? 0;
    if (before === 0 || before + size <= this.most) return;
    throw newTooManyRequests('too many answers are waiting to be read, please read those first.', 1);
  }

  private end(user: string, size: number): void {
    const left = (this.bytes.get(user) ?? 0) - size;
    if (left > 0) this.bytes.set(user, left);
    else this.bytes.delete(user);
  }
}
