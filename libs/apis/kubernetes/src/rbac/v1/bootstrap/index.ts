export * from './component-roles.js';
export * from './controller-roles.js';
export * from './namespace-roles.js';
export * from './people-roles.js';
export * from './rule-lines.js';
export * from './subjects.js';
