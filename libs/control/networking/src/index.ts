export { endpointSliceController } from './endpoint-slice/endpoint-slice.controller.js';
export { endpointsController } from './endpoints/endpoints.controller.js';
