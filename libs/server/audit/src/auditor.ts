import type { Clock } from '@binnacle/machinery-context';
import type { PendingEvent } from './event.js';
import { AuditedRequest, type AuditSubject } from './audited-request.js';
import { type AuditPolicy, AuditRules } from './policy.js';

/** Where events go. Nothing it does throws, and none of it is waited for, but for room in a log that must be whole. */
export interface AuditSink {
  take(pending: PendingEvent): void;
  /** Resolves when it has room again; undefined where it has, or where what has none is dropped. */
  room?(): Promise<void> | undefined;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** Notes what is asked, as a policy says. */
export class Auditor {
  private readonly rules: AuditRules;

  constructor(
    policy: AuditPolicy,
    private readonly sinks: readonly AuditSink[],
    private readonly clock: Clock,
  ) {
    this.rules = new AuditRules(policy);
  }

  /** Undefined for what the policy leaves out. */
  begin(subject: AuditSubject): AuditedRequest | undefined {
    const verdict = this.rules.of(subject);
    return verdict.level === 'None' ? undefined : new AuditedRequest(subject, verdict, this.clock, this.emit);
  }

  /** Undefined where there is room, else what resolves when there is. */
  room(): Promise<void> | undefined {
    for (const sink of this.sinks) {
      const room = sink.room?.();
      if (room) return room;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all(this.sinks.map((sink) => sink.close()));
  }

  private readonly emit = (pending: PendingEvent): void => {
    for (const sink of this.sinks) sink.take(pending);
  };
}
