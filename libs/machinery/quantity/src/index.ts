export * from './int-or-string.js';
export * from './quantity.js';
