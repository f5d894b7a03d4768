import { Counter, type MetricsRegistry } from '@binnacle/process-telemetry';

/** Counts events, under the names kube-apiserver's metrics have. */
export class AuditCounts {
  private readonly events: Counter;
  private readonly errors: Counter<'plugin'>;

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    this.events = new Counter({
      name: 'apiserver_audit_event_total',
      help: 'Audit events that were taken to be written.',
      registers,
    });
    this.errors = new Counter({
      name: 'apiserver_audit_error_total',
      help: 'Audit events that were lost, for want of room or because they could not be written.',
      labelNames: ['plugin'],
      registers,
    });
  }

  noted(): void {
    this.events.inc();
  }

  lost(plugin: string, count: number): void {
    this.errors.inc({ plugin }, count);
  }
}
