export * from './changes/change-object.js';
export * from './changes/change-source.js';
export type { MayRead, ReadTarget } from './changes/visible-changes.js';
export * from './past/moments.js';
export * from './past/past-storage.js';
