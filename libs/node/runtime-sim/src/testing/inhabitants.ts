import type { Inhabitant } from '../network/inhabitant.js';
import type { TrafficRules } from '../network/traffic.js';

/** A Pod at an address, called after it. */
export function inhabitantAt(ip: string, more: Partial<Inhabitant> = {}): Inhabitant {
  const name = `pod-${ip.replaceAll('.', '-')}`;
  const place = { node: 'n1', hostIp: '127.0.0.11', hostNetwork: false };
  return { namespace: 'ns', name, uid: `uid-${name}`, ip, labels: {}, annotations: {}, ...place, ...more };
}

/** Rules that a test changes as it goes. */
export class TestRules implements TrafficRules {
  /** Addresses that may not dial and that nobody may dial. */
  readonly forbidden = new Set<string>();
  private readonly listeners = new Set<() => void>();

  readonly mayDial: TrafficRules['mayDial'] = (from, to) => !this.forbidden.has(from.ip) && !this.forbidden.has(to.ip);

  readonly mayAccept: TrafficRules['mayAccept'] = (from, to) =>
    !this.forbidden.has(from.ip) && !this.forbidden.has(to.ip);

  readonly onChange: TrafficRules['onChange'] = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** How many want to hear of changes. */
  get followers(): number {
    return this.listeners.size;
  }

  forbid(...ips: string[]): void {
    for (const ip of ips) this.forbidden.add(ip);
    this.tell();
  }

  allow(...ips: string[]): void {
    for (const ip of ips) this.forbidden.delete(ip);
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
