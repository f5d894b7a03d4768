import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isDns1123Subdomain,
  isIp,
  isWildcardDns1123Subdomain,
  nameIsDnsSubdomain,
  notSupported,
  parseIp,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, validateMeta, validateStatusMeta } from '@binnacle/apis-registry';
import type {
  HTTPIngressPath,
  Ingress,
  IngressLoadBalancerIngress,
  IngressRule,
  IngressSpec,
  IngressTLS,
} from '../index.js';
import { validateBackend } from './backend-validation.js';
import { ANNOTATION_INGRESS_CLASS } from '../../../well-known/index.js';

const SPEC = fieldPath('spec');
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const NOT_IN_PATHS = ['//', '/./', '/../', '%2f', '%2F'];
const NOT_AT_END = ['/..', '/.'];

const isHost = (host: string): string[] =>
  host.includes('*') ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host);
const refuseAddress = (host: string, path: FieldPath): FieldError[] =>
  parseIp(host) ? [invalid(path, host, 'must be a DNS name, not an IP address')] : [];

/** A path that means one thing to everybody; what an implementation makes of its own is its affair. */
function validatePathText({ path = '', pathType }: HTTPIngressPath, at: FieldPath): FieldError[] {
  if (path === '' && pathType === 'ImplementationSpecific') return [];
  const relative = path.startsWith('/') ? [] : [invalid(at, path, 'must be an absolute path')];
  if (pathType === 'ImplementationSpecific') return relative;
  const parts = NOT_IN_PATHS.filter((part) => path.includes(part));
  const ends = NOT_AT_END.filter((end) => path.endsWith(end));
  return [
    ...relative,
    ...parts.map((part) => invalid(at, path, `must not contain '${part}'`)),
    ...ends.map((end) => invalid(at, path, `cannot end with '${end}'`)),
  ];
}

function validatePath(path: HTTPIngressPath, at: FieldPath): FieldError[] {
  const { pathType } = path;
  if (!pathType) return [required(at.child('pathType'), 'pathType must be specified')];
  const text = PATH_TYPES.includes(pathType)
    ? validatePathText(path, at.child('path'))
    : [notSupported(at.child('pathType'), pathType, PATH_TYPES)];
  return [...text, ...validateBackend(path.backend ?? {}, at.child('backend'))];
}

function validateRule({ host = '', http }: IngressRule, path: FieldPath): FieldError[] {
  const at = path.child('host');
  const named = host ? [...refuseAddress(host, at), ...invalidEach(at, host, isHost(host))] : [];
  if (!http) return named;
  const paths = path.child('http', 'paths');
  const none = http.paths?.length ? [] : [required(paths)];
  return [...named, ...none, ...each(http.paths, paths, validatePath)];
}

function validateTls({ hosts, secretName }: IngressTLS, path: FieldPath): FieldError[] {
  const secret = secretName ? nameIsDnsSubdomain(secretName, false) : [];
  return [
    ...each(hosts, path.child('hosts'), (host, at) => invalidEach(at, host, isHost(host))),
    ...invalidEach(path.child('secretName'), secretName, secret),
  ];
}

function validateSpec(spec: IngressSpec): FieldError[] {
  const nowhere = !spec.rules?.length && !spec.defaultBackend;
  return [
    ...(nowhere ? [invalid(SPEC, spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified')] : []),
    ...optional(spec.defaultBackend, SPEC.child('defaultBackend'), validateBackend),
    ...each(spec.rules, SPEC.child('rules'), validateRule),
    ...each(spec.tls, SPEC.child('tls'), validateTls),
    ...optional(spec.ingressClassName, SPEC.child('ingressClassName'), (name, at) =>
      invalidEach(at, name, nameIsDnsSubdomain(name, false)),
    ),
  ];
}

/** Behaves as kubernetes pkg/apis/networking/validation validateIngress. */
export function validateIngress(ingress: Ingress): FieldError[] {
  return [...validateMeta(ingress, true), ...validateSpec(ingress.spec ?? {})];
}

/** A new one says its class once, or twice the same. */
export function validateNewIngress({ metadata, spec }: Ingress): FieldError[] {
  const annotated = metadata.annotations?.[ANNOTATION_INGRESS_CLASS];
  const name = spec?.ingressClassName;
  if (annotated === undefined || name === undefined || annotated === name) return [];
  const path = fieldPath('annotations').child(ANNOTATION_INGRESS_CLASS);
  return [invalid(path, annotated, 'must match `ingressClassName` when both are specified')];
}

function validateAddress({ ip, hostname }: IngressLoadBalancerIngress, path: FieldPath): FieldError[] {
  const at = path.child('hostname');
  return [
    ...(ip ? invalidEach(path.child('ip'), ip, isIp(ip)) : []),
    ...(hostname ? [...invalidEach(at, hostname, isDns1123Subdomain(hostname)), ...refuseAddress(hostname, at)] : []),
  ];
}

export function validateIngressStatus({ metadata, status }: Ingress): FieldError[] {
  const path = fieldPath('status', 'loadBalancer', 'ingress');
  return [...validateStatusMeta(metadata), ...each(status?.loadBalancer?.ingress, path, validateAddress)];
}
