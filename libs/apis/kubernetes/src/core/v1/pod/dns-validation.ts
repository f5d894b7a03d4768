import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isDns1123SubdomainWithUnderscore,
  isIp,
  required,
} from '@binnacle/machinery-validation';
import { each } from '@binnacle/apis-registry';
import type { PodDNSConfig, PodSpec } from '../index.js';

/** The limits of libc's resolver. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

/** Search domains may have underscores, and `.` alone means the root. */
function validateSearch(search: string, path: FieldPath): FieldError[] {
  if (search === '.') return [];
  const name = search.replace(/\.$/, '');
  return invalidEach(path, name, isDns1123SubdomainWithUnderscore(name));
}

function validateSearches(searches: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (searches.length > MAX_SEARCHES)
    errors.push(invalid(path, searches, `must not have more than ${MAX_SEARCHES} search paths`));
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    const why = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    errors.push(invalid(path, searches, why));
  }
  return [...errors, ...each(searches, path, validateSearch)];
}

function validateConfig({ nameservers = [], searches = [], options }: PodDNSConfig, path: FieldPath): FieldError[] {
  const at = path.child('nameservers');
  const tooMany = `must not have more than ${MAX_NAMESERVERS} nameservers`;
  return [
    ...(nameservers.length > MAX_NAMESERVERS ? [invalid(at, nameservers, tooMany)] : []),
    ...each(nameservers, at, (server, serverAt) => invalidEach(serverAt, server, isIp(server))),
    ...validateSearches(searches, path.child('searches')),
    ...each(options, path.child('options'), ({ name }, optionAt) =>
      name ? [] : [required(optionAt, 'must not be empty')],
    ),
  ];
}

/** A Pod that wants no DNS of the cluster must bring its own. */
export function validateDnsConfig({ dnsPolicy, dnsConfig }: PodSpec, path: FieldPath): FieldError[] {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    if (!dnsConfig.nameservers?.length) return [required(path.child('nameservers'), why)];
  }
  return dnsConfig ? validateConfig(dnsConfig, path) : [];
}
