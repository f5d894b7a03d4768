export * from './pod-claims.js';
export { deviceMatches } from './selector.js';
export { toleratesDeviceTaint } from './tolerations.js';
