import { type Context, sleep } from '@binnacle/machinery-context';
import { type GuardedFetch, guardedFetch, type WebhookTarget } from '@binnacle/server-egress';
import { type AuditEvent, finished, type PendingEvent } from '../event.js';

export interface WebhookOptions {
  /** Milliseconds before the second try; each later one waits half as long again. */
  readonly initialBackoff: number;
  readonly attempts: number;
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** Bytes of a batch, and of an event: larger ones go without their bodies. */
  readonly maxBatchBytes: number;
  readonly maxEventBytes: number;
}

export const WEBHOOK_DEFAULTS: WebhookOptions = {
  initialBackoff: 10_000,
  attempts: 5,
  timeout: 30_000,
  maxBatchBytes: 10 * 1024 * 1024,
  maxEventBytes: 100 * 1024,
};

const GROWTH = 1.5;
/** Of an answer, which is not looked at. */
const ANSWER_BYTES = 64 * 1024;

function cut(event: AuditEvent, most: number): string {
  const text = JSON.stringify(event);
  if (text.length <= most) return text;
  const { requestObject: _, responseObject: __, ...rest } = event;
  return JSON.stringify({ ...rest, annotations: { ...rest.annotations, 'audit.k8s.io/truncated': 'true' } });
}

/** Texts in groups of no more than so many bytes, each of one at least. */
export function inGroups(texts: readonly string[], most: number): string[][] {
  const groups: string[][] = [];
  let [group, size]: [string[], number] = [[], 0];
  for (const text of texts) {
    if (group.length > 0 && size + text.length > most) {
      groups.push(group);
      [group, size] = [[], 0];
    }
    group.push(text);
    size += text.length;
  }
  return group.length > 0 ? [...groups, group] : groups;
}

/** Whether another try may go better: what a server refuses as it is, it refuses again. */
const isWorthAnother = (code: number): boolean => code === 429 || code >= 500;

class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly code: number) {
    super(`the webhook answered ${code}`);
  }
}

/** Sends events to a server as EventLists. Its answers are not looked at, and no redirect is followed. */
export class AuditWebhook {
  private readonly fetch: GuardedFetch;

  constructor(
    private readonly ctx: Context,
    private readonly target: WebhookTarget,
    private readonly options: WebhookOptions = WEBHOOK_DEFAULTS,
  ) {
    this.fetch = guardedFetch(ctx, { milliseconds: options.timeout, bytes: ANSWER_BYTES, tls: target.tls });
  }

  /** Rejects when all tries have failed. */
  readonly write = async (events: readonly PendingEvent[]): Promise<void> => {
    const texts = events.map((pending) => cut(finished(pending), this.options.maxEventBytes));
    for (const group of inGroups(texts, this.options.maxBatchBytes))
      await this.deliver(
        `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${group.join(',')}]}`,
      );
  };

  private async deliver(body: string): Promise<void> {
    const { attempts, initialBackoff } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.post(body);
      } catch (error) {
        const isFinal = error instanceof Refused && !isWorthAnother(error.code);
        if (isFinal || attempt === attempts || this.ctx.signal.aborted) throw error;
        await sleep(this.ctx, initialBackoff * GROWTH ** (attempt - 1));
      }
    }
  }

  private async post(body: string): Promise<void> {
    const headers = { ...this.target.headers(), 'content-type': 'application/json' };
    const { status } = await this.fetch(this.target.url, { method: 'POST', headers, body });
    if (status < 200 || status >= 300) throw new Refused(status);
  }
}
