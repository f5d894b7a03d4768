/** How a field's value is laid out; groups (3 and 4) are not used by Kubernetes. */
export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_FIXED32 = 5;

/** Bytes that are no protobuf message: cut short, too large, or of a layout that cannot be. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}
