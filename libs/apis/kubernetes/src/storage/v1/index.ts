export type * from './types.generated.js';
export { uniqueVolumeName } from './unique-volume-name.js';
