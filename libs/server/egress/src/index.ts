export * from './address.js';
export * from './guarded-fetch.js';
