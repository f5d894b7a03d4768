export type * from './types.generated.js';
export { organizationsOf } from './x509/subject.js';
