import type { MeasuredNode } from './measured.js';

/** Milliseconds for which an answer is new enough, and after which one that did not answer is asked again. */
const FRESH_MILLISECONDS = 10_000;
const SILENT_MILLISECONDS = 30_000;
/** Nodes and containers whose figures are kept; the oldest go first. */
const MOST_NODES = 10_000;
const MOST_CONTAINERS = 100_000;

interface Kept {
  readonly answer: Promise<MeasuredNode | undefined>;
  until: number;
  size: number;
}

/** What kubelets have answered, for as long as it is new, and no more of it than fits. */
export class KeptAnswers {
  private readonly kept = new Map<string, Kept>();
  private containers = 0;

  constructor(private readonly limits = { nodes: MOST_NODES, containers: MOST_CONTAINERS }) {}

  /** What there is, or what asking will bring. It never rejects: one that cannot be asked has no figures, as metrics-server has it. */
  of(key: string, now: number, ask: () => Promise<MeasuredNode | undefined>): Promise<MeasuredNode | undefined> {
    const known = this.kept.get(key);
    if (known && now < known.until) return known.answer;
    const entry: Kept = { answer: ask().catch(() => undefined), until: now + FRESH_MILLISECONDS, size: 0 };
    void entry.answer.then((answer) => this.came(key, entry, answer));
    this.drop(key);
    this.kept.set(key, entry);
    this.makeRoom(now);
    return entry.answer;
  }

  private came(key: string, entry: Kept, answer: MeasuredNode | undefined): void {
    if (this.kept.get(key) !== entry) return;
    if (!answer) entry.until += SILENT_MILLISECONDS - FRESH_MILLISECONDS;
    entry.size = answer?.size ?? 0;
    this.containers += entry.size;
    this.makeRoom(entry.until - FRESH_MILLISECONDS);
  }

  /** The oldest stand first: they are over, or there are too many. */
  private makeRoom(now: number): void {
    const { nodes, containers } = this.limits;
    for (const [key, { until }] of this.kept) {
      if (until > now && this.kept.size <= nodes && this.containers <= containers) break;
      this.drop(key);
    }
  }

  private drop(key: string): void {
    this.containers -= this.kept.get(key)?.size ?? 0;
    this.kept.delete(key);
  }
}
