import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Soon } from '@binnacle/machinery-context';
import type { RequestContext } from './request-context.js';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** One request on its way in. `object` is the draft that `admit` may change; `old` is frozen by convention. */
export interface AdmissionAttributes {
  readonly operation: AdmissionOperation;
  readonly definition: ResourceDefinition;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly object?: UnstructuredObject;
  readonly old?: UnstructuredObject;
  readonly dryRun: boolean;
}

/** Admission as the registry sees it: change the draft, then, once it is valid, accept or refuse it. */
export interface Admission {
  /** Throws or rejects with a StatusError where the request must not go on. */
  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void>;
  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void>;
}

export const admitEverything: Admission = {
  admit: () => undefined,
  validate: () => undefined,
};
