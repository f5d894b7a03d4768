export * from './changing-rights.js';
export * from './changing-sets.js';
export * from './custom-kinds.js';
export * from './raw-api.js';
export * from './test-browser.js';
export * from './test-api-server.js';
export * from './test-authority.js';
export * from './test-storage.js';
