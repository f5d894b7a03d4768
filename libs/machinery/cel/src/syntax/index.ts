export { parse, type Parsed } from './parse.js';
export { selectsField } from './selects.js';
export * from './expr.js';
export { Source, type SourceError } from './source.js';
