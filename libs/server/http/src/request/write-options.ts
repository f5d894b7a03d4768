import { type DeleteOptions, newInvalid } from '@binnacle/machinery-meta';
import {
  type FieldError,
  validateDeleteOptions,
  validatePatchOptions,
  validateWriteOptions,
} from '@binnacle/machinery-validation';
import type { ApiRequest } from './api-request.js';
import { isLarge } from './large-body.js';
import { booleanParameter, integerParameter } from './parameters.js';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** What the query of a write says of how it is to be made. */
export interface WriteParameters {
  /** Whether it is only to be tried. */
  readonly dryRun: boolean;
  /** The name under which its fields are owned; empty where the client's own name says it. */
  readonly fieldManager: string;
  /** Others are let in between of its steps. */
  readonly isLarge?: boolean;
}

const OPTIONS_KINDS: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

function refuse(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind }, '', errors);
}

/** An unchecked read: `readWriteParameters` has refused what is no such word. */
export function readFieldValidation({ query }: ApiRequest): FieldValidation {
  return (query.get('fieldValidation') || 'Warn') as FieldValidation;
}

/** The parameters of any write but a delete. Throws Invalid, with all that is wrong with them. */
export function readWriteParameters(request: ApiRequest, isApply = false): WriteParameters {
  const { query, info } = request;
  const fieldManager = query.get('fieldManager') ?? '';
  const force = booleanParameter(query, 'force');
  const dryRun = query.getAll('dryRun');
  const asked = { dryRun, fieldManager, fieldValidation: query.get('fieldValidation') ?? '' };
  const patches = info.verb === 'patch';
  const errors = patches
    ? validatePatchOptions({ ...asked, ...(force !== undefined && { force }) }, isApply)
    : validateWriteOptions(asked);
  refuse(OPTIONS_KINDS[info.verb] ?? 'CreateOptions', errors);
  return { dryRun: dryRun.length > 0, fieldManager, ...(isLarge(request) && { isLarge: true }) };
}

function queryDeleteOptions(query: URLSearchParams): DeleteOptions {
  const gracePeriodSeconds = integerParameter(query, 'gracePeriodSeconds');
  const orphanDependents = booleanParameter(query, 'orphanDependents');
  const policy = query.get('propagationPolicy');
  const [uid, resourceVersion] = [query.get('uid'), query.get('resourceVersion')];
  const dryRun = query.getAll('dryRun');
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(policy !== null && { propagationPolicy: policy as 'Background' }),
    ...((uid || resourceVersion) && {
      preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
    }),
    ...(dryRun.length > 0 && { dryRun }),
  };
}

/** Whether a delete is only to be tried. Throws Invalid for options that are none. */
export function checkDeleteOptions(options: DeleteOptions): boolean {
  refuse('DeleteOptions', validateDeleteOptions(options));
  return (options.dryRun ?? []).length > 0;
}

/** The options of a DELETE: its body where there is one, else its query; one of them counts, and the other is not looked at. */
export function readDeleteOptions(
  request: ApiRequest,
  reader: { readDeleteOptions(request: ApiRequest): DeleteOptions },
): DeleteOptions & { readonly tried: boolean } {
  const options = request.body?.length ? reader.readDeleteOptions(request) : queryDeleteOptions(request.query);
  return { ...options, tried: checkDeleteOptions(options) };
}
