export { clientCertificate, servingCertificate } from './asked-certificate.js';
export { CertificateManager, type CertificateManagerOptions } from './certificate-manager.js';
export type { KeyPair } from './key-pair.js';
export { type NodeCredentials, type NodeCredentialsOptions, nodeCredentials } from './node-credentials.js';
export { PairStore } from './pair-store.js';
