export { devicesOf, readDevices, type SimulatedDevices } from './devices.js';
export * from './simulated-node.js';
export { SimulatedNodesDirectory } from './simulated-nodes-directory.js';
