export { compile, compiling } from './compile.js';
export { AUTHORIZER_TYPE, RESOURCE_CHECK_TYPE, toQuantity, toSemver } from './functions/index.js';
export * from './program.js';
export { selectsField } from './syntax/index.js';
export * from './types/index.js';
export * from './values/index.js';
