import { isDns1123Label, isDns1123Subdomain } from '@binnacle/machinery-validation';

const ACCOUNT = 'system:serviceaccount:';
const NODE = 'system:node:';

/** Namespace and name of an account; undefined for a name that none can have, which is a user's. */
export function accountOf(user: string): [namespace: string, name: string] | undefined {
  if (!user.startsWith(ACCOUNT)) return undefined;
  const [namespace = '', name = '', ...more] = user.slice(ACCOUNT.length).split(':');
  const isName = isDns1123Label(namespace).length === 0 && isDns1123Subdomain(name).length === 0;
  return isName && more.length === 0 ? [namespace, name] : undefined;
}

/** The Node a user is the kubelet of; undefined for a name that none can have. */
export function nodeOf(user: string): string | undefined {
  const name = user.startsWith(NODE) ? user.slice(NODE.length) : '';
  return name !== '' && isDns1123Subdomain(name).length === 0 ? name : undefined;
}
