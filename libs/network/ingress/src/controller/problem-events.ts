import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import type { EventRecorder, EventSubject } from '@binnacle/client-controller';
import { keyOf } from '@binnacle/client-informers';
import type { Clock } from '@binnacle/machinery-context';

const SYNC = 'Scheduled for sync';
const MOST_WORDS = 5;
/** What is made together comes one after the other: who has no Service yet may have one in a moment. */
const PATIENCE_MILLISECONDS = 2_000;

interface Told {
  readonly generation: string;
  readonly words: string;
}

/** Says of each Ingress once what became of it: that it is served, and what of it cannot be done. */
export class ProblemEvents {
  private readonly told = new Map<string, Told>();

  constructor(
    private readonly clock: Clock,
    private readonly recorder: EventRecorder,
  ) {}

  /** Ingresses of ours, and what is wrong with them by their key. */
  tell(ingresses: readonly Ingress[], problems: ReadonlyMap<string, readonly string[]>): void {
    const keys = new Set(ingresses.map(keyOf));
    for (const key of this.told.keys()) if (!keys.has(key)) this.told.delete(key);
    for (const ingress of ingresses) this.tellOne(ingress, [...new Set(problems.get(keyOf(ingress)) ?? [])]);
  }

  /** A port of an entrance could not be opened. */
  portFailed(about: EventSubject, message: string): void {
    this.recorder.event(about, 'Warning', 'FailedToOpenPort', message);
  }

  private tellOne(ingress: Ingress, problems: readonly string[]): void {
    const key = keyOf(ingress);
    const { uid, generation } = ingress.metadata;
    const now: Told = { generation: `${uid} ${generation}`, words: problems.join('; ') };
    const before = this.told.get(key);
    this.told.set(key, now);
    if (before?.generation !== now.generation) this.recorder.event(ingress, 'Normal', 'Sync', SYNC);
    if (problems.length === 0 || before?.words === now.words) return;
    this.clock.after(PATIENCE_MILLISECONDS, () => {
      if (this.told.get(key)?.words === now.words) this.warn(ingress, problems);
    });
  }

  private warn(ingress: Ingress, problems: readonly string[]): void {
    const words = problems.slice(0, MOST_WORDS).join('; ');
    const more = problems.length > MOST_WORDS ? `; and ${problems.length - MOST_WORDS} more` : '';
    this.recorder.event(ingress, 'Warning', 'Rejected', words + more);
  }
}
