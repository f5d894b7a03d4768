import type { Dispatcher } from 'undici';
import type { Connections } from '../upstream/connections.js';
import { ANSWERED, type Attempt, type Ending } from './attempt.js';
import { passedHeaders } from './headers.js';

const NONE: ReadonlySet<string> = new Set();
type Controller = Dispatcher.DispatchController;

/** Headers as bytes or text, as the parser had them. */
function textOf(raw: Controller['rawHeaders']): string[] {
  const list = Array.isArray(raw) ? raw : [];
  return list.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}

/** Passes the answer of an endpoint on to the client, as fast as that reads. */
class Relay implements Dispatcher.DispatchHandler {
  private controller: Controller | undefined;
  private wasSent = false;
  private why: Error | undefined;

  constructor(
    private readonly attempt: Attempt,
    private readonly done: (ending: Ending) => void,
  ) {
    attempt.answer.onLeft((why) => this.left(why));
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    this.wasSent = true;
    if (this.why) controller.abort(this.why);
  }

  onResponseStart(controller: Controller, status: number): void {
    const { answer, finish } = this.attempt;
    // What comes before an answer is of this connection.
    if (status < 200) return;
    answer.onDrained(() => controller.resume());
    answer.begin(status, finish(passedHeaders(textOf(controller.rawHeaders), NONE)));
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (!this.attempt.answer.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.attempt.answer.end();
    this.done(ANSWERED);
  }

  onResponseError(_: unknown, error: Error): void {
    const { answer } = this.attempt;
    if (!answer.hasBegun) return this.done({ kind: 'failed', error, wasSent: this.wasSent });
    answer.breakOff();
    this.done(ANSWERED);
  }

  private left(why: Error): void {
    this.why = why;
    this.controller?.abort(why);
  }
}

/** Asks an endpoint over HTTP/1.1. */
export function sendHttp1(attempt: Attempt, connections: Connections): Promise<Ending> {
  const { arrival, wanted, timeouts, body } = attempt;
  return new Promise((resolve) => {
    connections.toHttp1(wanted).send(
      {
        method: arrival.method as Dispatcher.HttpMethod,
        path: attempt.target,
        headers: [...attempt.headers],
        body: body ?? null,
        headersTimeout: timeouts.read,
        bodyTimeout: timeouts.read,
        // A connection that had a HEAD is as good as any.
        reset: false,
        servername: `${wanted.backend.service}.${wanted.backend.namespace}.svc`,
      } as Dispatcher.DispatchOptions,
      new Relay(attempt, resolve),
    );
  });
}
