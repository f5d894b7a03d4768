export * from './graphql.module.js';
export type { Attempt, Authorize } from './request.js';
export { GraphqlService, type GraphqlServiceOptions } from './service.js';
export type { IdentifySocket } from './sockets.js';
export type { Identify, IncomingOperation, OutgoingAnswer } from './tokens.js';
