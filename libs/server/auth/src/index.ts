export * from './authenticator.js';
export type * from './authorizer.js';
export * from './impersonation.js';
export * from './rule-authorizer.js';
export * from './service-account-tokens.js';
export * from './still-allowed.js';
export * from './user-info.js';
export * from './web-sessions.js';
