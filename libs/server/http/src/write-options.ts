import { type DeleteOptions, newBadRequest, newInvalid } from '@binnacle/machinery-meta';
import { fieldPath, validateFieldManager } from '@binnacle/machinery-validation';
import type { ApiRequest } from './api-request.js';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

const VALIDATIONS: readonly string[] = ['Ignore', 'Warn', 'Strict'];

function optionsKind(request: ApiRequest): { group: string; kind: string } {
  const kinds: Record<string, string> = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' };
  return { group: 'meta.k8s.io', kind: kinds[request.info.verb] ?? 'DeleteOptions' };
}

function unsupported(request: ApiRequest, field: string, value: string, supported: readonly string[]): Error {
  const list = supported.map((item) => JSON.stringify(item)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return newInvalid(optionsKind(request), '', [{ type: 'FieldValueNotSupported', field, message }]);
}

/** Whether the write is only to be tried. */
export function readDryRun(request: ApiRequest, fromBody: readonly string[] = []): boolean {
  const asked = [...request.query.getAll('dryRun'), ...fromBody].filter((value) => value !== '');
  const wrong = asked.find((value) => value !== 'All');
  if (wrong !== undefined) throw unsupported(request, 'dryRun', wrong, ['All']);
  return asked.length > 0;
}

export function readFieldValidation(request: ApiRequest): FieldValidation {
  const asked = request.query.get('fieldValidation') || 'Warn';
  if (!VALIDATIONS.includes(asked)) throw unsupported(request, 'fieldValidation', asked, VALIDATIONS);
  return asked as FieldValidation;
}

const LONGEST_MANAGER = 128;

/** The name under which the fields of this write are owned; by default the first word of the user agent. */
export function readFieldManager(request: ApiRequest): string {
  const asked = request.query.get('fieldManager') ?? '';
  const errors = validateFieldManager(asked, fieldPath('fieldManager'));
  if (errors.length > 0) throw newInvalid(optionsKind(request), '', errors);
  return asked || (request.headers['user-agent'] ?? 'unknown').split('/')[0]?.slice(0, LONGEST_MANAGER) || 'unknown';
}

function queryDeleteOptions(query: URLSearchParams): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const orphan = query.get('orphanDependents');
  const policy = query.get('propagationPolicy');
  const uid = query.get('preconditions.uid');
  return {
    ...(grace && { gracePeriodSeconds: Number(grace) }),
    ...(orphan && { orphanDependents: orphan === 'true' }),
    ...(policy && { propagationPolicy: policy as 'Background' }),
    ...(uid && { preconditions: { uid } }),
  };
}

const POLICIES: readonly string[] = ['Foreground', 'Background', 'Orphan'];

function checkDeleteOptions(request: ApiRequest, options: DeleteOptions): void {
  const { gracePeriodSeconds: grace, orphanDependents, propagationPolicy: policy } = options;
  if (grace !== undefined && !Number.isInteger(grace)) throw newBadRequest('gracePeriodSeconds must be an integer');
  if (policy !== undefined && orphanDependents !== undefined) {
    const message = 'Invalid value: "": orphanDependents and deletionPropagation cannot be both set';
    throw newInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      { type: 'FieldValueInvalid', field: 'propagationPolicy', message },
    ]);
  }
  if (policy !== undefined && !POLICIES.includes(policy)) {
    throw unsupported(request, 'propagationPolicy', policy, [...POLICIES, 'nil']);
  }
}

/** The options of a DELETE: its body where there is one, else its query. */
export function readDeleteOptions(
  request: ApiRequest,
  reader: { readDeleteOptions(request: ApiRequest): DeleteOptions },
): DeleteOptions {
  const options = request.body?.length ? reader.readDeleteOptions(request) : queryDeleteOptions(request.query);
  checkDeleteOptions(request, options);
  return options;
}
