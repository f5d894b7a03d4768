import type { Context } from '@binnacle/machinery-context';
import type { Hosts } from '../table/host-table.js';
import { type Match, TooMuchToMatch } from '../table/path-table.js';
import { Answer, type AnyResponse, TookTooLong } from './answer.js';
import { type AnyRequest, type Arrival, type Door, readArrival, type Refusal } from './arrival.js';
import { ownAnswer } from './decide.js';
import type { Errand, Trace } from './delivery.js';
import type { Forwarder } from './forward.js';
import { requestIdOf } from './request-headers.js';
import type { Upgrade } from './send-upgrade.js';

/** A door, and what is served behind it now. */
export interface Site {
  readonly door: Door;
  readonly hosts: Hosts;
}

/** What became of a request, told once when it is over. */
export interface Report {
  readonly request: AnyRequest;
  /** Undefined for what was no request. */
  readonly arrival: Arrival | undefined;
  readonly match: Match | undefined;
  readonly answer: Answer;
  readonly trace: Trace;
  readonly id: string;
  readonly milliseconds: number;
}

export interface HandlerOptions {
  readonly makeId: () => string;
  readonly report: (report: Report) => void;
  /** So many requests at a time. */
  readonly most: number;
}

const CALL = 'application/grpc';
const NOWHERE: Refusal = { status: 404, words: 'nothing is served here: no rule fits this host and path' };
const MISDIRECTED: Refusal = { status: 421, words: 'this connection is for another host' };
const BUSY: Refusal = { status: 503, words: 'too much is being asked at this moment' };
const LONG: Refusal = { status: 414, words: 'the path is too long' };

const isRefusal = (read: Arrival | Refusal): read is Refusal => 'words' in read;

/** Answers requests: finds their route, and does what that says. */
export class RequestHandler {
  private running = 0;

  constructor(
    private readonly ctx: Context,
    private readonly forwarder: Forwarder,
    private readonly options: HandlerOptions,
  ) {}

  /** Requests under way. */
  get count(): number {
    return this.running;
  }

  handle(site: Site, request: AnyRequest, response: AnyResponse, upgrade?: Upgrade): void {
    const started = performance.now();
    const answer = new Answer(response);
    const read = readArrival(request, site.door);
    const arrival = isRefusal(read) ? undefined : read;
    const id = arrival ? requestIdOf(arrival, this.options.makeId) : this.options.makeId();
    const found: { match?: Match | undefined } = {};
    const trace: Trace = { tries: 0 };
    this.running += 1;
    response.once('close', () => {
      this.running -= 1;
      const milliseconds = performance.now() - started;
      this.options.report({ request, arrival, match: found.match, answer, trace, id, milliseconds });
    });
    if (isRefusal(read)) return this.refuse(answer, read);
    answer.isCall = read.header('content-type')?.startsWith(CALL) ?? false;
    if (this.running > this.options.most) return this.refuse(answer, BUSY);
    const match = this.find(site, read);
    if ('words' in match) return this.refuse(answer, match);
    found.match = match;
    this.serve({ arrival: read, match, answer, id, upgrade, trace });
  }

  private find(site: Site, arrival: Arrival): Match | Refusal {
    try {
      const found = site.hosts.find(arrival.host, arrival);
      return found === 'misdirected' ? MISDIRECTED : (found ?? NOWHERE);
    } catch (error) {
      if (error instanceof TooMuchToMatch) return LONG;
      throw error;
    }
  }

  private serve(errand: Errand): void {
    const { arrival, match, answer } = errand;
    const own = ownAnswer(arrival, match);
    if (own) return answer.say(own.status, own.words, own.headers);
    const { action, policy } = match.route;
    if (action.kind !== 'forward') return;
    const cancel = policy.timeouts.whole > 0 ? this.limit(answer, policy.timeouts.whole) : undefined;
    this.forwarder
      .forward(errand, action)
      .then((refusal) => {
        if (refusal) this.refuse(answer, refusal);
      })
      .catch((error: unknown) => {
        this.ctx.logger.error('a request could not be served', { error });
        this.refuse(answer, { status: 500, words: 'internal error' });
        answer.breakOff();
      })
      .finally(cancel);
  }

  private limit(answer: Answer, milliseconds: number): () => void {
    return this.ctx.clock.after(milliseconds, () => {
      answer.say(504, 'the request took too long');
      answer.abandon(new TookTooLong());
    });
  }

  private refuse(answer: Answer, { status, words }: Refusal): void {
    answer.say(status, words);
  }
}
