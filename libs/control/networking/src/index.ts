export { endpointSliceController } from './endpoint-slice/endpoint-slice.controller.js';
export { endpointSliceMirroringController } from './endpoint-slice-mirroring/endpoint-slice-mirroring.controller.js';
export { endpointsController } from './endpoints/endpoints.controller.js';
export { serviceCidrController } from './service-cidr/service-cidr.controller.js';
