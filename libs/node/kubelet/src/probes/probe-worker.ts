import type { Probe } from '@binnacle/apis-kubernetes/core/v1';
import type { CancelTimer, Context } from '@binnacle/machinery-context';
import type { ProbeResult } from './dial.js';

export type ProbeType = 'startup' | 'readiness' | 'liveness';

export interface ProbeWorkerOptions {
  readonly type: ProbeType;
  readonly probe: Probe;
  /** When the container started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Liveness and readiness wait until the startup probe has passed. */
  readonly mayRun: () => boolean;
  readonly run: () => Promise<ProbeResult>;
  readonly changed: () => void;
  readonly failed: (output: string) => void;
}

/** Probes one container of one kind, again and again. Behaves as kubernetes pkg/kubelet/prober worker. */
export class ProbeWorker {
  /** Undefined until it is known. */
  verdict: boolean | undefined;
  private streak = { passed: true, count: 0 };
  private stopped = false;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly ctx: Context,
    private readonly options: ProbeWorkerOptions,
  ) {
    if (options.type === 'readiness') this.verdict = false;
    if (options.type === 'liveness') this.verdict = true;
    const { probe, startedAt } = options;
    const due = startedAt + (probe.initialDelaySeconds ?? 0) * 1000;
    this.schedule(due - ctx.clock.now());
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private schedule(delay: number): void {
    if (this.stopped || this.ctx.signal.aborted) return;
    this.cancel = this.ctx.clock.after(delay, () => void this.probe());
  }

  private async probe(): Promise<void> {
    const { options } = this;
    if (options.mayRun()) {
      const result = await options.run().catch((error: unknown) => {
        this.ctx.logger.debug('a probe could not be run', { type: options.type, error });
        return undefined;
      });
      if (this.stopped) return;
      if (result) this.count(result);
      if (this.isOver()) return;
    }
    this.schedule((options.probe.periodSeconds ?? 10) * 1000);
  }

  private count({ passed, output }: ProbeResult): void {
    const { probe, failed, changed } = this.options;
    if (!passed) failed(output);
    this.streak = { passed, count: this.streak.passed === passed ? this.streak.count + 1 : 1 };
    const threshold = passed ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (this.streak.count < threshold || this.verdict === passed) return;
    this.verdict = passed;
    changed();
  }

  /** A passed startup probe has done its work; a container that failed is about to be ended. */
  private isOver(): boolean {
    const { type } = this.options;
    if (type === 'startup') return this.verdict !== undefined;
    return type === 'liveness' && this.verdict === false;
  }
}
