export {
  openApiV2,
  openApiV3,
  openApiV3Index,
  openApiV3Path,
  type ServedGroupVersion,
} from './document.js';
export { PATCH_MEDIA_TYPES } from './operations.js';
export { encodeOpenApiV2, OPENAPI_V2_PROTOBUF_ACCEPT, OPENAPI_V2_PROTOBUF_TYPE } from './gnostic.js';
