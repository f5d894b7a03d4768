export { ByteReader, ByteWriter, DetailFormatError } from './bytes.js';
export { decodeNames, encodeNames, MOST_NODES } from './names.js';
export * from './node-detail.js';
