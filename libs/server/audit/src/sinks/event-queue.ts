import type { CancelTimer, Context } from '@binnacle/machinery-context';
import type { AuditSink } from '../auditor.js';
import { type PendingEvent, sizeOf } from '../event.js';
import type { AuditCounts } from '../metrics.js';

export interface QueueOptions {
  /** What is counted as lost is counted under this name. */
  readonly name: string;
  /** `batch` drops what there is no room for; `blocking` has new requests wait until there is some. */
  readonly mode: 'batch' | 'blocking';
  /** Events and bytes that may wait. */
  readonly most: number;
  readonly mostBytes: number;
  /** Events written at a time. */
  readonly batch: number;
  /** Milliseconds the first of a batch waits for more. */
  readonly wait: number;
}

/** Writes some events, the oldest first. What it rejects with is counted, and the events are lost. */
export type WriteEvents = (events: readonly PendingEvent[]) => Promise<void>;

/** Events on their way to a sink: bounded, in order, one batch under way at a time. */
export class EventQueue implements AuditSink {
  private waiting: PendingEvent[] = [];
  private bytes = 0;
  private cancel: CancelTimer | undefined;
  private writing: Promise<void> | undefined;
  private waiters: (() => void)[] = [];

  constructor(
    private readonly ctx: Pick<Context, 'clock' | 'logger'>,
    private readonly options: QueueOptions,
    private readonly write: WriteEvents,
    private readonly counts: AuditCounts,
  ) {}

  take(pending: PendingEvent): void {
    if (this.isFull && this.options.mode === 'batch') return this.counts.lost(this.options.name, 1);
    this.waiting.push(pending);
    this.bytes += sizeOf(pending);
    this.counts.noted();
    if (this.waiting.length >= this.options.batch) this.flush();
    else this.cancel ??= this.ctx.clock.after(this.options.wait, () => this.flush());
  }

  room(): Promise<void> | undefined {
    if (!this.isFull || this.options.mode === 'batch') return undefined;
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  async close(): Promise<void> {
    while (this.waiting.length > 0 || this.writing) {
      this.flush();
      await this.writing;
    }
  }

  private get isFull(): boolean {
    return this.waiting.length >= this.options.most || this.bytes >= this.options.mostBytes;
  }

  private flush(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (this.writing || this.waiting.length === 0) return;
    this.writing = this.writeAll().finally(() => {
      this.writing = undefined;
    });
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.batch);
      await this.write(batch).catch((error: unknown) => this.failed(batch.length, error));
      this.bytes -= batch.reduce((sum, pending) => sum + sizeOf(pending), 0);
      for (const resolve of this.waiters.splice(0)) resolve();
    }
  }

  private failed(count: number, error: unknown): void {
    this.counts.lost(this.options.name, count);
    this.ctx.logger.error('events of the audit log are lost', { sink: this.options.name, count, error: String(error) });
  }
}
