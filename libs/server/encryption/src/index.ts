export * from './configuration.js';
export { EncryptedStorage } from './encrypted-storage.js';
export { isSealed } from './sealed-body.js';
export { Sealer } from './sealer.js';
