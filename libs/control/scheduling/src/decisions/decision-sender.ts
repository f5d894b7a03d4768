import {
  DECISIONS_PATH,
  type DecisionBatch,
  type DecisionRecord,
  MOST_DECISIONS,
} from '@binnacle/apis-kubernetes/decisions/record';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, sleep } from '@binnacle/machinery-context';

/** What became of decisions. Those that are dropped are forgotten. */
export type DecisionOutcome = 'stored' | 'dropped';

export type CountDecisions = (outcome: DecisionOutcome, count: number) => void;

interface Waiting {
  readonly record: DecisionRecord;
  readonly detail: Promise<string | undefined> | undefined;
}

/** Decisions that may wait. */
const MOST_WAITING = 4_000;
/** One request takes what comes in so many milliseconds. */
const GATHER_MILLISECONDS = 250;
/** Characters of details in one request. */
const DETAILS_A_REQUEST = 1 << 20;
/** After a failure, in milliseconds; doubled by each that follows. */
const PAUSE = { first: 1_000, longest: 30_000 };
const CREATED = 201;

/** Sends decisions by the batch, one request at a time. Who makes more of them than are sent has the newest dropped. */
export class DecisionSender {
  private waiting: Waiting[] = [];
  private sending = false;
  private failures = 0;

  constructor(
    private readonly ctx: Context,
    private readonly client: Pick<KubeClient, 'raw'>,
    private readonly count: CountDecisions,
  ) {}

  /** Whether something is still to be sent. */
  get isBusy(): boolean {
    return this.sending;
  }

  /** Counts one as dropped where there is none. */
  hasRoom(): boolean {
    const room = this.waiting.length < MOST_WAITING;
    if (!room) this.count('dropped', 1);
    return room;
  }

  add(record: DecisionRecord, detail: Promise<string | undefined> | undefined): void {
    detail?.catch(() => undefined);
    this.waiting.push({ record, detail });
    if (this.sending) return;
    this.sending = true;
    void this.send().finally(() => {
      this.sending = false;
    });
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const ended = await this.pause().then(
        () => false,
        () => true,
      );
      if (ended) return this.drop(this.waiting.splice(0).length);
      await this.sendSome();
    }
  }

  private pause(): Promise<void> {
    if (this.failures === 0) {
      const isFull = this.waiting.length >= MOST_DECISIONS;
      return isFull ? Promise.resolve() : sleep(this.ctx, GATHER_MILLISECONDS);
    }
    return sleep(this.ctx, Math.min(PAUSE.first * 2 ** (this.failures - 1), PAUSE.longest));
  }

  private async sendSome(): Promise<void> {
    const { decisions } = await this.take();
    const body = JSON.stringify({ decisions } satisfies DecisionBatch);
    try {
      const { status, body: answer } = await this.client.raw(this.ctx, 'POST', DECISIONS_PATH, body);
      if (status !== CREATED) throw new Error(`${status}: ${answer.slice(0, 200)}`);
      this.failures = 0;
      this.count('stored', decisions.length);
    } catch (error) {
      this.failed(decisions.length, error);
    }
  }

  /** The oldest that one request has room for. */
  private async take(): Promise<DecisionBatch> {
    const decisions: DecisionBatch['decisions'][number][] = [];
    let size = 0;
    while (decisions.length < MOST_DECISIONS && size < DETAILS_A_REQUEST) {
      const next = this.waiting.shift();
      if (!next) break;
      const detail = await next.detail?.catch(() => undefined);
      size += detail?.length ?? 0;
      decisions.push({ record: next.record, ...(detail !== undefined && { detail }) });
    }
    return { decisions };
  }

  private failed(count: number, error: unknown): void {
    this.failures += 1;
    this.drop(count);
    if (!this.ctx.signal.aborted && this.failures === 1)
      this.ctx.logger.warn('decisions cannot be stored, and are dropped', { count, error });
  }

  private drop(count: number): void {
    if (count > 0) this.count('dropped', count);
  }
}
