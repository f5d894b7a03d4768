import type { ClusterEvent } from '../framework/cluster-event.js';
import type { QueuedPod } from './queued-pod.js';

/** So many events are kept for Pods in flight: one that has been under way for longer is tried again, whatever happened. */
const MOST_EVENTS = 10_000;

/** What happens while Pods are being scheduled: it may help one that then cannot be. */
export class InFlightEvents {
  /** Where in the sequence of events each Pod began. */
  private readonly starts = new Map<QueuedPod, number>();
  private events: ClusterEvent[] = [];
  /** How many events before the first that is kept. */
  private before = 0;

  begin(pod: QueuedPod): void {
    this.starts.set(pod, this.before + this.events.length);
  }

  happened(event: ClusterEvent): void {
    if (this.starts.size === 0) return;
    this.events.push(event);
    if (this.events.length <= MOST_EVENTS) return;
    this.before += this.events.length;
    this.events = [];
  }

  /** The events since the Pod began, undefined where they are not all known. Forgets the Pod. */
  end(pod: QueuedPod): readonly ClusterEvent[] | undefined {
    const start = this.starts.get(pod);
    this.starts.delete(pod);
    const known = start === undefined || start >= this.before;
    const since = start === undefined ? [] : this.events.slice(Math.max(0, start - this.before));
    if (this.starts.size === 0) this.events = [];
    return known ? since : undefined;
  }
}
