export { SIMULATED_DRIVER, SimulatedDeviceDriver } from './devices/simulated-devices.js';
export { Catalogue, parseImageName } from './catalogue/catalogue.js';
export type { ImageBehaviour, ProgramName } from './catalogue/types.js';
export type { DnsRecord, RecordResolver, RecordType } from './network/dns.js';
export type { NameResolver } from './network/network.js';
export { Wire } from './network/wire.js';
export type { Shell } from './shell/shell.js';
export { ShellPool } from './shell/shell-pool.js';
export * from './sim-runtime.js';
