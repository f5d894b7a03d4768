import { randomUUID } from 'node:crypto';
import { HeldSocket } from '@binnacle/process-streams';
import type { AnswerPieces } from './execution/subscription-answers.js';

/** With more than this waiting for the reader, no further answer is made for it. */
const HIGH_BYTES = 1024 * 1024;

/** Where an answer stands in the text of its message, which it ends. */
const PLACE = /\{"data":"(answer-[0-9a-f-]{36})"\}\}$/;

type Sent = (error?: Error) => void;

/** A WebSocket that sends answers as the text they were written as, and knows how far its reader is behind. */
export class AnswerSocket extends HeldSocket {
  private readonly answers = new Map<string, AnswerPieces>();
  private waiting: (() => void)[] = [];
  private isWatched = false;

  /** What stands for an answer in a message until it is sent. */
  hold(answer: AnswerPieces): { readonly data: string } {
    const data = `answer-${randomUUID()}`;
    this.answers.set(data, answer);
    return { data };
  }

  /** Resolves when the reader has taken most of what it was sent, or has gone. */
  room(): Promise<void> {
    if (this.bufferedAmount < HIGH_BYTES || this.readyState !== this.OPEN) return Promise.resolve();
    if (!this.isWatched) this.once('close', () => this.release());
    this.isWatched = true;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** What a client sends wrong has closed its connection, with the reason; it is not to fill our log as well. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    return event === 'error' || super.emit(event, ...values);
  }

  override send(data: string, ...rest: unknown[]): void {
    const sent = rest.at(-1) as Sent | undefined;
    const done: Sent = (error) => {
      if (this.bufferedAmount < HIGH_BYTES) this.release();
      sent?.(error);
    };
    const place = PLACE.exec(data);
    const answer = place && this.answers.get(place[1] ?? '');
    if (!place || !answer) return super.send(data, done);
    this.answers.delete(place[1] ?? '');
    super.send(data.slice(0, place.index), { fin: false });
    for (const piece of answer) super.send(piece, { fin: false });
    super.send('}', { fin: true }, done);
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
