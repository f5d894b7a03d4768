export * from './compose.js';
export type { DefinitionKeeper } from './definition-keeper.js';
