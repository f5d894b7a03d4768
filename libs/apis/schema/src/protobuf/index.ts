export { decodeMessage } from './decode.js';
export { isMessage } from './plan.js';
export { encodeMessage } from './encode.js';
export { closeEnvelope, type Envelope, openEnvelope, PROTOBUF_MEDIA_TYPE } from './envelope.js';
