export * from './json.js';
export * from './json-patch.js';
export * from './merge-patch.js';
export type { PatchField, PatchSchema } from './patch-schema.js';
export * from './strategic-patch.js';
