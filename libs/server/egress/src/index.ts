export * from './address.js';
export * from './webhook/remembered-answers.js';
export * from './guarded-fetch.js';
export * from './webhook/review-webhook.js';
export * from './webhook/webhook-target.js';
