import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { PortFailure } from './data-plane.js';
import type { RefusedAddress } from './plan/service-plan.js';

/** Tells Services what of them is not carried. */
export class ServiceEvents {
  /** Of addresses, what was told last. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly find: (key: string) => Service | undefined,
    private readonly recorder: EventRecorder,
  ) {}

  /** Once for each thing there is to say. */
  refused(key: string, refused: readonly RefusedAddress[]): void {
    const lines = refused.map(({ purpose, address, why }) => `${purpose} ${address}: ${why}`);
    const message = [...new Set(lines)].join('; ');
    if (message === (this.told.get(key) ?? '')) return;
    const service = this.find(key);
    this.told.delete(key);
    if (!message || !service) return;
    this.told.set(key, message);
    this.recorder.event(service, 'Warning', 'AddressNotCarried', message);
  }

  failed({ service: key, spec, error }: PortFailure): void {
    const { protocol, host, port, purpose } = spec;
    const service = this.find(key);
    if (!service) return;
    const reason = purpose === 'HealthCheck' ? 'FailedToStartServiceHealthcheck' : 'FailedToOpenPort';
    const message = `Cannot open ${purpose} port ${protocol} ${host}:${port}: ${error.message}`;
    this.recorder.event(service, 'Warning', reason, message);
  }
}
