export { AddressPool } from './machine/address-pool.js';
export { type MachineCloud, machineCloud, type MachineCloudOptions } from './machine/machine-cloud.js';
export type { AddressPools } from './machine/machine-load-balancers.js';
export * from './provider/cloud-provider.js';
export type { HandlesClass } from './service/needs.js';
export { serviceController, type ServiceControllerOptions } from './service/service.controller.js';
