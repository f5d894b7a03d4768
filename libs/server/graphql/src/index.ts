export * from './graphql.module.js';
export type { AskReachability, AskWhoCan, Attempt, Authorize, People } from './request.js';
export { GraphqlService, type GraphqlServiceOptions } from './service.js';
export type { IdentifySocket } from './sockets.js';
export type { BrowserOf, HandOver, Identify, IncomingOperation, OutgoingAnswer } from './tokens.js';
export type { Admit } from './execution/operations.js';
export type { OperationEstimate } from './cost/estimate.js';
