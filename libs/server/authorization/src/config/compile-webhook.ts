import { parseDuration } from '@binnacle/machinery-cel';
import { type FieldError, type FieldPath, invalid, notSupported, required } from '@binnacle/machinery-validation';
import { compileConditions } from '../webhook/match-conditions.js';
import type { WebhookSpec } from './authorization-configuration.js';
import type { CompiledWebhook } from '../compiled-authorizer.js';

/** Says what is wrong with the path of a file; undefined where it is one that can be read. */
export type CheckFile = (path: string) => string | undefined;

const LONGEST_TIMEOUT = 30_000;
const DEFAULTS = { authorizedTTL: '5m', unauthorizedTTL: '30s' };
const ZERO = 'must be > 0s';

type Errors = FieldError[];

/** Milliseconds; what is wrong is noted. */
function durationIn(errors: Errors, text: string | undefined, path: FieldPath, wrong: string, most = Infinity): number {
  const duration = text === undefined || text === '' ? undefined : parseDuration(text);
  const milliseconds = duration ? Number(duration.nanos) / 1e6 : 0;
  if (text && !duration) errors.push(invalid(path, text, 'must be a duration such as 30s'));
  else if (milliseconds === 0) errors.push(required(path));
  else if (milliseconds < 0 || milliseconds > most) errors.push(invalid(path, text, wrong));
  return milliseconds;
}

function oneOf<T extends string>(errors: Errors, value: string, known: readonly T[], path: FieldPath): T {
  if (value === '') errors.push(required(path));
  else if (!known.includes(value as T)) errors.push(notSupported(path, value, [...known]));
  return value as T;
}

function checkConditionVersion(errors: Errors, spec: WebhookSpec, path: FieldPath): void {
  const { matchConditionSubjectAccessReviewVersion: version = '', matchConditions = [] } = spec;
  const at = path.child('matchConditionSubjectAccessReviewVersion');
  if (version === '' && matchConditions.length > 0)
    errors.push(required(at, 'required if match conditions are specified'));
  if (version !== '' && version !== 'v1') errors.push(notSupported(at, version, ['v1']));
}

function fileIn(errors: Errors, { connectionInfo = {} }: WebhookSpec, root: FieldPath, check: CheckFile): string {
  const { type = '', kubeConfigFile: file = '' } = connectionInfo;
  const [path, at] = [root.child('connectionInfo', 'type'), root.child('connectionInfo', 'kubeConfigFile')];
  if (type === '') errors.push(required(path));
  // Upstream's own server, too, can use no other.
  else if (type !== 'KubeConfigFile') errors.push(notSupported(path, type, ['KubeConfigFile']));
  else if (file === '') errors.push(required(at));
  else if (!file.startsWith('/')) errors.push(invalid(at, file, 'must be an absolute path'));
  else {
    const wrong = check(file);
    if (wrong !== undefined) errors.push(invalid(at, file, wrong));
  }
  return file;
}

/** Behaves as kubernetes apiserver pkg/apis/apiserver/validation ValidateWebhookConfiguration. What is wrong is noted. */
export function compileWebhook(errors: Errors, spec: WebhookSpec, path: FieldPath, check: CheckFile): CompiledWebhook {
  const { cacheAuthorizedRequests = true, cacheUnauthorizedRequests = true } = spec;
  const ttl = (name: keyof typeof DEFAULTS) => durationIn(errors, spec[name] || DEFAULTS[name], path.child(name), ZERO);
  const wrong = 'must be > 0s and <= 30s';
  const timeout = durationIn(errors, spec.timeout, path.child('timeout'), wrong, LONGEST_TIMEOUT);
  const [yes, no] = [ttl('authorizedTTL'), ttl('unauthorizedTTL')];
  const of = spec.subjectAccessReviewVersion ?? '';
  const version = oneOf(errors, of, ['v1', 'v1beta1'] as const, path.child('subjectAccessReviewVersion'));
  checkConditionVersion(errors, spec, path);
  const policies = ['NoOpinion', 'Deny'] as const;
  const failurePolicy = oneOf(errors, spec.failurePolicy ?? '', policies, path.child('failurePolicy'));
  const file = fileIn(errors, spec, path, check);
  const conditions = compileConditions(errors, spec.matchConditions ?? [], path.child('matchConditions'));
  const believed = { yes: cacheAuthorizedRequests ? yes : 0, no: cacheUnauthorizedRequests ? no : 0 };
  return { file, version, timeout, believed, failurePolicy, conditions };
}
