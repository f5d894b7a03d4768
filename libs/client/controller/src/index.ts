export * from './bounded.js';
export * from './control-loop.js';
export * from './event-recorder.js';
export * from './sources.js';
export * from './types.js';
