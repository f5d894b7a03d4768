import { setMaxListeners } from 'node:events';
import type { CancelTimer, Clock, Ending } from '@binnacle/machinery-context';
import { newServiceUnavailable, newTimeout, StatusError } from '@binnacle/machinery-meta';
import { breakOff } from '@binnacle/process-connections';
import { Deadlines } from './deadlines.js';
import { LONGEST_MILLISECONDS } from './request-timeout.js';

/** What a proxy notes of a request whose client did not wait for the answer; it is counted and never sent. */
export const CLIENT_LEFT = 499;

/** One for all: thousands may leave at once, and where they were left is of no interest. */
const LEFT = new StatusError(CLIENT_LEFT, '', 'the client has closed the connection');
export const clientLeft = (): StatusError => LEFT;
const timeIsUp = () => newTimeout('request did not complete within the allotted timeout');
const stopped = () => newServiceUnavailable('the API server stops');

/**
 * How a request ends: with its client, with its time or with the server, whichever comes first. Its reasons are StatusErrors.
 * Most requests are over before anybody has asked for their signal, which costs more than all the rest of this: so it is made
 * for who asks.
 */
export class RequestLife implements Ending {
  private abort: AbortController | undefined;
  private why: StatusError | undefined;
  /** Mostly there is no more than one at a time. */
  private listener: (() => void) | undefined;
  private others: Set<() => void> | undefined;
  private cancelDeadline: CancelTimer | undefined;
  private atEnd: (() => void) | undefined;
  private isOver = false;
  private isStream = false;

  constructor(
    private readonly clock: Clock,
    private readonly lives: RequestLives,
    /** Breaks off an answer that has begun; without one that has, nothing. */
    private readonly cut: () => void = () => undefined,
  ) {}

  get signal(): AbortSignal {
    if (!this.abort) {
      this.abort = new AbortController();
      // One request may read many things at a time, each of which listens.
      setMaxListeners(0, this.abort.signal);
      if (this.why) this.abort.abort(this.why);
    }
    return this.abort.signal;
  }

  get aborted(): boolean {
    return this.why !== undefined;
  }

  get reason(): StatusError | undefined {
    return this.why;
  }

  onEnd(listener: () => void): () => void {
    if (this.listener) (this.others ??= new Set()).add(listener);
    else this.listener = listener;
    return () => {
      if (this.listener === listener) this.listener = undefined;
      else this.others?.delete(listener);
    };
  }

  /** Milliseconds until the time of the request is up, from now on. */
  allow(milliseconds: number): void {
    this.cancelDeadline?.();
    this.cancelDeadline = this.clock.after(milliseconds, () => this.end(timeIsUp()));
  }

  /** It has the time that every request has. */
  allowLongest(deadlines: Deadlines): void {
    this.cancelDeadline?.();
    this.cancelDeadline = deadlines.add(() => this.end(timeIsUp()));
  }

  /** Its answer goes on for as long as there is something to say: no deadline, but it ends as soon as the server stops. */
  becomeStream(): void {
    this.cancelDeadline?.();
    this.isStream = true;
    if (this.lives.isStopping) this.end(stopped());
  }

  /** The server takes no more requests; what is being answered is still finished. */
  serverStops(): void {
    if (this.isStream) this.end(stopped());
  }

  /** What comes of the work, or why the request has ended before. The work is told by the signal. */
  during<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.why) reject(this.why);
      this.onEnd(() => reject(this.why));
      work.then(resolve, reject);
    });
  }

  end(why: StatusError): void {
    this.cancelDeadline?.();
    if (!this.why) this.tell(why);
    // Streams are ended by who writes them, and look complete.
    if (!this.isStream) this.cut();
  }

  /** What is also given back when the answer is over, however it ends; at once where it is. */
  release(giveBack: () => void): void {
    if (this.isOver) return giveBack();
    const before = this.atEnd;
    this.atEnd = before
      ? () => {
          before();
          giveBack();
        }
      : giveBack;
  }

  /** The answer, or its connection, is over. */
  over(completely: boolean): void {
    this.cancelDeadline?.();
    this.isOver = true;
    this.atEnd?.();
    this.lives.forget(this);
    if (!completely) this.end(clientLeft());
  }

  private tell(why: StatusError): void {
    this.why = why;
    this.abort?.abort(why);
    const { listener, others } = this;
    this.listener = this.others = undefined;
    listener?.();
    // Nobody takes back what is being called.
    for (const other of others ?? []) other();
  }
}

/** What tells that a connection or an answer is over. */
interface Closing {
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

interface Asking {
  readonly httpVersionMajor: number;
  readonly socket: Closing;
}

interface Answering extends Closing {
  readonly writableFinished: boolean;
  readonly headersSent: boolean;
  readonly socket: unknown;
  /** Under HTTP/2. */
  readonly stream?: { readonly aborted: boolean };
  destroy(): unknown;
}

/** A stream that was reset looks finished, because node ends it then. */
const isComplete = ({ stream, writableFinished }: Answering): boolean => (stream ? !stream.aborted : writableFinished);

/** On the object itself: a map beside it costs the garbage collector more than the request does. */
const LIFE = Symbol('life');
type Living = { [LIFE]?: RequestLife };

/** The lives of all requests of a server. */
export class RequestLives {
  private readonly open = new Set<RequestLife>();
  private readonly awaiting: (() => void)[] = [];
  private readonly deadlines: Deadlines;
  isStopping = false;

  constructor(private readonly clock: Clock) {
    this.deadlines = new Deadlines(clock, LONGEST_MILLISECONDS);
  }

  get count(): number {
    return this.open.size;
  }

  /** The life of a request, which ends with its answer or, before that, when its client goes or its time is up. */
  begin(request: Asking, response: Answering): RequestLife {
    const life = this.add(request, () => {
      // Only cut off does the client see that it has not got all.
      if (response.headersSent) breakOff(response);
    });
    // Under HTTP/1.1 an answer that waits behind others of its connection is not told that the connection is gone.
    const connection = request.httpVersionMajor === 1 && !response.socket ? request.socket : undefined;
    life.allowLongest(this.deadlines);
    const ended = () => {
      if (connection) {
        connection.off('close', ended);
        response.off('close', ended);
      }
      life.over(isComplete(response));
    };
    connection?.once('close', ended);
    response.once('close', ended);
    return life;
  }

  /** The life of a connection that is no longer HTTP's: one for all that is asked over it. It has no deadline. */
  ofConnection(socket: Closing): RequestLife {
    const known = this.of(socket);
    if (known) return known;
    const life = this.add(socket);
    life.becomeStream();
    socket.once('close', () => life.over(false));
    return life;
  }

  of(request: object): RequestLife | undefined {
    return (request as Living)[LIFE];
  }

  /** Ends streams and leaves the rest to be answered. */
  stopStreams(): void {
    this.isStopping = true;
    for (const life of this.open) life.serverStops();
  }

  stop(): void {
    this.isStopping = true;
    for (const life of this.open) life.end(stopped());
  }

  /** Resolves once every request has been answered. */
  async quiet(): Promise<void> {
    if (this.open.size > 0) await new Promise<void>((resolve) => this.awaiting.push(resolve));
  }

  forget(life: RequestLife): void {
    this.open.delete(life);
    if (this.open.size === 0) for (const resolve of this.awaiting.splice(0)) resolve();
  }

  private add(of: object, cut?: () => void): RequestLife {
    const life = new RequestLife(this.clock, this, cut);
    this.open.add(life);
    (of as Living)[LIFE] = life;
    return life;
  }
}
