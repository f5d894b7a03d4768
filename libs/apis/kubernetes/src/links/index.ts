export * from './link.js';
export { validateLink } from './validate-link.js';
