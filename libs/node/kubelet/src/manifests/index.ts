export { expand as expandVariables } from '../environment/expand.js';
export * from './manifest.js';
export * from './manifest-file.js';
