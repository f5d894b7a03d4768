export { Checked } from './checked.js';
export { check } from './checker.js';
export { TYPE_NAMES } from './scope.js';
export { validate } from './validators.js';
