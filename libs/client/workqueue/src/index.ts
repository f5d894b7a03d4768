export type { QueueObserver } from './queue-observer.js';
export * from './work-queue.js';
