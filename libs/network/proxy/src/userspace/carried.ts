import { type WireAddress, wireAddress } from '@binnacle/machinery-wire';
import type { Backend } from '../plan/endpoints.js';
import type { BalancerSpec, HealthSpec, ListenerSpec } from '../plan/service-plan.js';

/** An endpoint, and where it is really dialled. */
export interface CarriedBackend extends Backend {
  readonly place: WireAddress;
}

export interface CarriedBalancer extends Omit<BalancerSpec, 'backends'> {
  readonly backends: readonly CarriedBackend[];
}

/** Where the loopback wire has what a plan speaks of; `privileged` says whether ports below 1024 may be opened. */
export class Carriage {
  constructor(private readonly privileged: boolean) {}

  balancer(spec: BalancerSpec): CarriedBalancer {
    return { ...spec, backends: spec.backends.map((backend) => ({ ...backend, place: this.dialled(backend) })) };
  }

  /** What is open at nodes is at addresses of this machine already. */
  listened({ purpose, host, port }: ListenerSpec | HealthSpec): WireAddress {
    const isAtNode = purpose === 'NodePort' || purpose === 'HealthCheck';
    return isAtNode ? { host, port } : wireAddress(host, port, this.privileged);
  }

  private dialled({ address, port, local }: Backend): WireAddress {
    return local ? wireAddress(address, port, this.privileged) : { host: address, port };
  }
}
