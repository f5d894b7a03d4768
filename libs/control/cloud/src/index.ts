export { AddressPool } from './machine/address-pool.js';
export { type MachineCloud, machineCloud, type MachineCloudOptions } from './machine/machine-cloud.js';
export type { HostMachine, Machine, MachineInstancesOptions, Machines } from './machine/machine-instances.js';
export type { AddressPools } from './machine/machine-load-balancers.js';
export * from './provider/cloud-provider.js';
export * from './provider/instruments.js';
export type { HandlesClass } from './service/needs.js';
export { serviceController, type ServiceControllerOptions } from './service/service.controller.js';
export { cloudNodeController, type CloudNodeOptions } from './node/node.controller.js';
export {
  cloudNodeLifecycleController,
  type CloudNodeLifecycleOptions,
} from './node-lifecycle/node-lifecycle.controller.js';
export { routeController, type RouteControllerOptions } from './route/route.controller.js';
