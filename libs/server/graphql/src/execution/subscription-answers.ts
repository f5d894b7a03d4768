import type { ExecutionResult } from 'graphql';
import type { OperationLife } from './operation-life.js';

/** The JSON of an answer, in pieces. */
export type AnswerPieces = readonly string[];

export interface SubscriptionParts {
  readonly source: AsyncGenerator<ExecutionResult, void, void>;
  readonly life: OperationLife;
  /** Aborts when the server stops. */
  readonly server: AbortSignal;
  readonly write: (result: ExecutionResult) => Promise<AnswerPieces>;
  readonly leave: () => void;
}

const DONE = { done: true, value: undefined } as const;

/** What a subscriber is told, one change after another, until it has heard enough. */
export class SubscriptionAnswers implements AsyncIterableIterator<AnswerPieces> {
  private closed = false;
  private close: () => void = () => undefined;
  private readonly closing = new Promise<void>((resolve) => (this.close = resolve));

  constructor(private readonly parts: SubscriptionParts) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<AnswerPieces>> {
    const { life, source, write } = this.parts;
    try {
      const { value, done } = await life.during(source.next());
      if (!done && value) return { done: false, value: await life.during(write(value)) };
    } catch (error) {
      await this.failed(error);
    }
    return this.return();
  }

  return(): Promise<IteratorResult<AnswerPieces>> {
    if (!this.closed) this.end();
    return Promise.resolve(DONE);
  }

  private async failed(error: unknown): Promise<void> {
    if (this.closed) return;
    // The connection ends with the server, and that is what the client resumes after.
    if (this.parts.server.aborted) return this.closing;
    this.end();
    throw error;
  }

  private end(): void {
    const { life, leave, source } = this.parts;
    this.closed = true;
    life.end(new Error('the subscription has ended'));
    void source.return(undefined);
    leave();
    this.close();
  }
}
