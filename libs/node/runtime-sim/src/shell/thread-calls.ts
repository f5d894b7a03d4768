import type { Call, FromThread, ToThread } from './protocol.js';

interface Waiting {
  readonly run: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What the runs of a thread have asked its parent for and wait for. */
export class ThreadCalls {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly send: (message: FromThread) => void) {}

  ask(run: number, ask: Call): Promise<unknown> {
    this.last += 1;
    const call = this.last;
    this.send({ type: 'call', run, call, ask });
    return new Promise((resolve, reject) => void this.waiting.set(call, { run, resolve, reject }));
  }

  answer({ call, value, error }: Extract<ToThread, { type: 'reply' }>): void {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }

  /** What a run waits for it does not get any more. */
  giveUp(run: number): void {
    for (const [call, waiting] of this.waiting) {
      if (waiting.run !== run) continue;
      this.waiting.delete(call);
      waiting.reject(new Error('interrupted'));
    }
  }
}
