export { type Descriptions, loadDescriptions } from './descriptions.js';
export {
  openApiV2,
  openApiV3,
  openApiV3Index,
  openApiV3Path,
  PATCH_MEDIA_TYPES,
  type ServedGroupVersion,
} from './document.js';
export { encodeOpenApiV2, OPENAPI_V2_PROTOBUF_ACCEPT, OPENAPI_V2_PROTOBUF_TYPE } from './gnostic.js';
