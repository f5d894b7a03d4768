import { CelError } from '../values/index.js';
import { method, type Overload } from './overload.js';

const AUTHORIZER = 'kubernetes.authorization.Authorizer';
const PATH = 'kubernetes.authorization.PathCheck';
const GROUP = 'kubernetes.authorization.GroupCheck';
const RESOURCE = 'kubernetes.authorization.ResourceCheck';
const DECISION = 'kubernetes.authorization.Decision';

/** Expressions may ask who may do what; nobody answers them yet. */
const unanswered = (): CelError => new CelError('the authorizer is not available');

const asks = (id: string, signature: string): Overload => method(id, signature, unanswered);

/** As kubernetes apiserver pkg/cel/library authz.go. */
export const AUTHORIZATION: readonly Overload[] = [
  asks('authorizer_path', `path(${AUTHORIZER}, string) ${PATH}`),
  asks('authorizer_group', `group(${AUTHORIZER}, string) ${GROUP}`),
  asks('authorizer_serviceaccount', `serviceAccount(${AUTHORIZER}, string, string) ${AUTHORIZER}`),
  asks('groupcheck_resource', `resource(${GROUP}, string) ${RESOURCE}`),
  asks('resourcecheck_subresource', `subresource(${RESOURCE}, string) ${RESOURCE}`),
  asks('resourcecheck_namespace', `namespace(${RESOURCE}, string) ${RESOURCE}`),
  asks('resourcecheck_name', `name(${RESOURCE}, string) ${RESOURCE}`),
  asks('authorizer_fieldselector', `fieldSelector(${RESOURCE}, string) ${RESOURCE}`),
  asks('authorizer_labelselector', `labelSelector(${RESOURCE}, string) ${RESOURCE}`),
  asks('pathcheck_check', `check(${PATH}, string) ${DECISION}`),
  asks('resourcecheck_check', `check(${RESOURCE}, string) ${DECISION}`),
  asks('decision_errored', `errored(${DECISION}) bool`),
  asks('decision_error', `error(${DECISION}) string`),
  asks('decision_allowed', `allowed(${DECISION}) bool`),
  asks('decision_reason', `reason(${DECISION}) string`),
];

const opaque = (name: string) => ({ kind: 'opaque', name, parameters: [] }) as const;

/** The types of the variables `authorizer` and `authorizer.requestResource`. */
export const AUTHORIZER_TYPE = opaque(AUTHORIZER);
export const RESOURCE_CHECK_TYPE = opaque(RESOURCE);
