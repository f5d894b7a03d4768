export { type Complaint, driveFuzzer, type FuzzRun, type Send } from './drive.js';
export { complaintAboutGraphql, GraphqlFuzzer } from './graphql.js';
export { type GraphqlSchemaDocument, SCHEMA_QUERY } from './graphql-schema.js';
export { complaintAbout, type FuzzAnswer } from './judge.js';
export type { OpenApiDocument } from './openapi.js';
export { Random } from './random.js';
export { type FuzzRequest, RestFuzzer } from './requests.js';
export { type Peer, sendOverHttps } from './send-over-https.js';
