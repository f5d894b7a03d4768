export * from './pod-claims.js';
export { toleratesDeviceTaint } from './tolerations.js';
