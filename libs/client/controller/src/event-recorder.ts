import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { Event } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Context, formatTime } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { type Correlated, EventCorrelator, type Occurrence } from './event-correlator.js';
import type { EventRecorder, EventSubject } from './types.js';

const MOST_QUEUED = 1000;
const LONGEST_MESSAGE = 1024;
const SENDERS = 2;

interface TimedOccurrence extends Occurrence {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface EventSource {
  /** The program that reports, for example `replicaset-controller`. */
  readonly component: string;
  readonly host?: string;
}

/** Writes Events in the background. Events are a courtesy: a full queue or a failing server loses them, and nothing else. */
class BackgroundRecorder implements EventRecorder {
  private readonly correlator = new EventCorrelator();
  private readonly queue: TimedOccurrence[] = [];
  private readonly events: ResourceClient<Event>;
  private sending = 0;
  private sequence = 0;

  constructor(
    private readonly ctx: Context,
    client: KubeClient,
    private readonly source: EventSource,
  ) {
    this.events = client.resource<Event>(refs.events);
  }

  event(
    about: EventSubject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    at = this.ctx.clock.now(),
  ): void {
    if (this.queue.length >= MOST_QUEUED || this.ctx.signal.aborted) return;
    this.queue.push({ about, type, reason, message: message.slice(0, LONGEST_MESSAGE), at });
    if (this.sending < SENDERS) void this.drain();
  }

  private async drain(): Promise<void> {
    this.sending += 1;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) await this.send(next);
    this.sending -= 1;
  }

  private async send(occurrence: TimedOccurrence): Promise<void> {
    const correlated = this.correlator.correlate(occurrence, occurrence.at);
    if (!correlated) return;
    const { event } = correlated;
    event.written = this.writeAfter(event.written, occurrence, correlated);
    await event.written;
  }

  /** The count of an Event must not overtake the Event itself. Never rejects. */
  private async writeAfter(
    before: Promise<void> | undefined,
    occurrence: TimedOccurrence,
    correlated: Correlated,
  ): Promise<void> {
    await before;
    try {
      await this.write(occurrence, correlated);
    } catch (error) {
      const fields = { reason: occurrence.reason, error: error instanceof Error ? error.message : String(error) };
      this.ctx.logger.debug('event not recorded', fields);
    }
  }

  private async write(occurrence: TimedOccurrence, { event, message }: Correlated): Promise<void> {
    if (event.count > 1 && event.name) {
      const patch = { count: event.count, lastTimestamp: formatTime(occurrence.at), message };
      const name = { name: event.name, namespace: namespaceOf(occurrence.about) };
      const counted = await this.events.patch(this.ctx, name, 'merge', patch).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
        return undefined;
      });
      if (counted) return;
    }
    const body = this.eventOf(occurrence, { event, message });
    event.name = body.metadata.name;
    await this.events.create(this.ctx, body);
  }

  private eventOf({ about, type, reason, at }: TimedOccurrence, { event, message }: Correlated): Event {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    this.sequence += 1;
    const unique = `${Math.floor(at * 1000 + (this.sequence % 1000)).toString(16)}${Math.floor(Math.random() * 4096).toString(16)}`;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${unique}`, namespace: namespaceOf(about) },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name,
        namespace,
        uid,
        resourceVersion,
        fieldPath: about.fieldPath,
      },
      type,
      reason,
      message,
      count: event.count,
      firstTimestamp: formatTime(event.firstTimestamp),
      lastTimestamp: formatTime(at),
      source: this.source,
      reportingComponent: this.source.component,
      reportingInstance: this.source.host ?? '',
    };
  }
}

/** Events about cluster-scoped objects live in `default`. */
function namespaceOf(about: EventSubject): string {
  return about.metadata.namespace ?? 'default';
}

/** A recorder that lives as long as the context. */
export function createEventRecorder(ctx: Context, client: KubeClient, source: EventSource): EventRecorder {
  return new BackgroundRecorder(ctx, client, source);
}
