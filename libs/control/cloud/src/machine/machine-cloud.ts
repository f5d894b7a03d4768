import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import type { CloudProvider } from '../provider/cloud-provider.js';
import { MachineInstances, type MachineInstancesOptions } from './machine-instances.js';
import { type AddressPools, MachineLoadBalancers } from './machine-load-balancers.js';

export interface MachineCloudOptions {
  /** Of load balancers. */
  readonly pools: AddressPools;
  readonly instances: MachineInstancesOptions;
}

/** The cloud that is built in: this machine. Its network leads to Pods by itself, so that it has no routes. */
export interface MachineCloud extends CloudProvider {
  readonly loadBalancers: MachineLoadBalancers;
  readonly instances: MachineInstances;
}

export function machineCloud(
  ctx: Context,
  { client, informers }: ControllerDeps,
  options: MachineCloudOptions,
): MachineCloud {
  const services = informers.for<Service>(refs.services);
  const recorder = createEventRecorder(ctx, client, { component: 'service-controller' });
  return {
    providerName: 'machine',
    instances: new MachineInstances(options.instances),
    loadBalancers: new MachineLoadBalancers(services, options.pools, recorder),
  };
}
