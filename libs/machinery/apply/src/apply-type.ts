/**
 * What server-side apply must know of a value: whether it is owned as a whole or in parts, and how the parts are told
 * apart.
 */
export type ApplyType =
  /** Scalars, and lists and objects that are owned as a whole. */
  | { readonly kind: 'atomic' }
  | { readonly kind: 'map'; readonly of: ApplyType }
  | { readonly kind: 'struct'; field(name: string): ApplyType | undefined }
  | { readonly kind: 'set' }
  | { readonly kind: 'list'; readonly keys: readonly string[]; readonly of: ApplyType };

export const ATOMIC: ApplyType = { kind: 'atomic' };

/** A value without a schema: objects are owned member by member, all else as a whole. */
export const DEDUCED: ApplyType = { kind: 'struct', field: () => DEDUCED };
