export { rootCaController } from './namespaces/root-ca.controller.js';
export { serviceAccountController } from './namespaces/service-account.controller.js';
export { nodeIpamController } from './node-ipam/node-ipam.controller.js';
