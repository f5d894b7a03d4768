export { setOomScore } from './oom-score.js';
export * from './process-runtime.js';
