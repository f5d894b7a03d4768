export type * from './types.generated.js';
export * from './names.js';
