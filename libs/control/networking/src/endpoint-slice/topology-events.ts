import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { keyOf } from '@binnacle/client-informers';
import type { TopologyOutcome } from './plan.js';

/** Tells Services whether their traffic is kept in zones. */
export class TopologyEvents {
  /** Address types, by the Services whose traffic is. */
  private readonly kept = new Map<string, readonly string[]>();

  constructor(private readonly recorder: EventRecorder) {}

  tell(service: Service, outcomes: readonly TopologyOutcome[]): void {
    const key = keyOf(service);
    const before = this.kept.get(key);
    const say = (type: 'Normal' | 'Warning', reason: string, message: string, of: string) =>
      this.recorder.event(service, type, reason, `${message}, addressType: ${of}`);
    for (const { type, why } of outcomes) {
      if (why !== undefined) say('Warning', 'TopologyAwareHintsDisabled', why, type);
      else if (!before) say('Normal', 'TopologyAwareHintsEnabled', 'Topology Aware Hints has been enabled', type);
    }
    const now = outcomes.filter(({ why }) => why === undefined).map(({ type }) => type);
    if (now.length > 0) return void this.kept.set(key, now);
    this.kept.delete(key);
    // Nobody asks for it any more.
    const over = outcomes.length === 0 ? (before ?? []) : [];
    for (const type of over)
      say('Warning', 'TopologyAwareHintsDisabled', 'Topology Aware Hints has been disabled', type);
  }

  forget(key: string): void {
    this.kept.delete(key);
  }
}
