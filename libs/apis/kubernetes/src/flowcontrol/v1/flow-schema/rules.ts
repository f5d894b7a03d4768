import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  nameIsDnsLabel,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each } from '@binnacle/apis-registry';
import type { NonResourcePolicyRule, ResourcePolicyRule } from '../index.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const hasWildcard = (values: readonly string[]): boolean => values.includes('*');

/** A wildcard stands alone. */
function validateAlone(values: readonly string[], path: FieldPath, others: string): FieldError[] {
  if (values.length < 2 || !hasWildcard(values)) return [];
  return [invalid(path, values, `if '*' is present, must not specify other ${others}`)];
}

function validateVerbs(verbs: readonly string[], path: FieldPath): FieldError[] {
  if (verbs.length === 0) return [required(path, 'verbs must contain at least one value')];
  if (hasWildcard(verbs)) return validateAlone(verbs, path, 'verbs');
  return verbs.every((verb) => VERBS.includes(verb)) ? [] : [notSupported(path, verbs, VERBS)];
}

function urlProblem(url: string): string | undefined {
  if (!url) return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const wildcards = url.split('*').length - 1;
  const isSuffix = wildcards === 1 && url.endsWith('/*');
  return wildcards === 0 || isSuffix ? undefined : 'wildcard can only do suffix matching';
}

function validateUrls(urls: readonly string[], path: FieldPath): FieldError[] {
  if (urls.length === 0) return [required(path, 'nonResourceURLs must contain at least one value')];
  if (hasWildcard(urls)) return validateAlone(urls, path, 'non-resource URLs');
  return each(urls, path, (url, at) => {
    const problem = urlProblem(url);
    return problem ? [invalid(at, url, problem)] : [];
  });
}

export function validateNonResourceRule(rule: NonResourcePolicyRule, path: FieldPath): FieldError[] {
  return [
    ...validateVerbs(rule.verbs ?? [], path.child('verbs')),
    ...validateUrls(rule.nonResourceURLs ?? [], path.child('nonResourceURLs')),
  ];
}

const NAMESPACE_INTRO = "each member of this list must be '*' or a DNS-1123 label; ";

function validateNamespaces({ namespaces = [], clusterScope }: ResourcePolicyRule, path: FieldPath): FieldError[] {
  const missing = 'resource rules that are not cluster scoped must supply at least one namespace';
  if (namespaces.length === 0) return clusterScope ? [] : [required(path, missing)];
  if (hasWildcard(namespaces)) return validateAlone(namespaces, path, 'namespaces');
  return each(namespaces, path, (namespace, at) => {
    const complaints = nameIsDnsLabel(namespace, false).map((complaint) => `${NAMESPACE_INTRO}${complaint}`);
    return invalidEach(at, namespace, complaints);
  });
}

export function validateResourceRule(rule: ResourcePolicyRule, path: FieldPath): FieldError[] {
  const { verbs = [], apiGroups = [], resources = [] } = rule;
  const groupsPath = path.child('apiGroups');
  const resourcesPath = path.child('resources');
  return [
    ...validateVerbs(verbs, path.child('verbs')),
    ...(apiGroups.length === 0 ? [required(groupsPath, 'resource rules must supply at least one api group')] : []),
    ...validateAlone(apiGroups, groupsPath, 'api groups'),
    ...(resources.length === 0 ? [required(resourcesPath, 'resource rules must supply at least one resource')] : []),
    ...validateAlone(resources, resourcesPath, 'resources'),
    ...validateNamespaces(rule, path.child('namespaces')),
  ];
}
