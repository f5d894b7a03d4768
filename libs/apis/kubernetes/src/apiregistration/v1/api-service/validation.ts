import { quote } from '@binnacle/machinery-meta';
import {
  type FieldError,
  fieldPath,
  invalid,
  invalidEach,
  isDns1035Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isPortNumber,
  required,
} from '@binnacle/machinery-validation';
import { base64Bytes, present, validatePlainMeta } from '@binnacle/apis-registry';
import type { APIService, APIServiceSpec } from '../index.js';

const SPEC = fieldPath('spec');
const SERVICE = SPEC.child('service');
const MOST_GROUP = 20_000;
const MOST_VERSION = 1000;
const LEGACY = 'only v1 may have an empty group and it better be legacy kube';

type Spec = Partial<APIServiceSpec>;

/** What a version of a group is called. */
export function apiServiceName({ group = '', version = '' }: Spec): string {
  return `${version}.${group}`;
}

function nameComplaints(name: string, spec: Spec): string[] {
  const complaints = isPathSegmentName(name);
  const expected = apiServiceName(spec);
  if (complaints.length > 0 || name === expected) return complaints;
  return [`must be \`spec.version+"."+spec.group\`: ${quote(expected)}`];
}

function validatePriority(field: keyof APIServiceSpec, value = 0, most: number): FieldError[] {
  const within = value > 0 && value <= most;
  return within ? [] : [invalid(SPEC.child(field), value, `must be positive and less than ${most}`)];
}

function validateLocal({ caBundle = '', insecureSkipTLSVerify: careless = false }: Spec): FieldError[] {
  const shown = `${base64Bytes(caBundle)} bytes`;
  const skip = SPEC.child('insecureSkipTLSVerify');
  return [
    ...(caBundle ? [invalid(SPEC.child('caBundle'), shown, 'local APIServices may not have a caBundle')] : []),
    ...(careless ? [invalid(skip, careless, 'local APIServices may not have insecureSkipTLSVerify')] : []),
  ];
}

function validateRemote({ service = {}, caBundle, insecureSkipTLSVerify: careless = false }: Spec): FieldError[] {
  const { port = 0 } = service;
  const wrong = isPortNumber(port);
  const skip = SPEC.child('insecureSkipTLSVerify');
  return [
    ...present(service.namespace, SERVICE.child('namespace')),
    ...present(service.name, SERVICE.child('name')),
    ...(wrong.length > 0 ? [invalid(SERVICE.child('port'), port, `port is not valid: ${wrong.join(', ')}`)] : []),
    ...(careless && caBundle ? [invalid(skip, careless, 'may not be true if caBundle is present')] : []),
  ];
}

/** Behaves as kube-aggregator pkg/apis/apiregistration/validation ValidateAPIService. */
export function validateApiService(service: APIService): FieldError[] {
  const spec: Spec = service.spec ?? {};
  const { group = '', version = '' } = spec;
  return [
    ...validatePlainMeta(service, false, (name) => nameComplaints(name, spec)),
    ...(group === '' && version !== 'v1' ? [required(SPEC.child('group'), LEGACY)] : []),
    ...(group ? invalidEach(SPEC.child('group'), group, isDns1123Subdomain(group)) : []),
    ...invalidEach(SPEC.child('version'), version, isDns1035Label(version)),
    ...validatePriority('groupPriorityMinimum', spec.groupPriorityMinimum, MOST_GROUP),
    ...validatePriority('versionPriority', spec.versionPriority, MOST_VERSION),
    ...(spec.service ? validateRemote(spec) : validateLocal(spec)),
  ];
}
