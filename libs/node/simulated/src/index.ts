export { devicesOf, readDevices, type SimulatedDevices } from './devices.js';
export * from './simulated-node.js';
