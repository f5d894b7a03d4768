import type { Asked } from './policy.js';

/** Kinds whose bodies hold what lets one in, by `<group>/<plural>` and with their subresource where only that does. */
const SECRET: ReadonlySet<string> = new Set([
  '/secrets',
  '/serviceaccounts/token',
  'authentication.k8s.io/tokenreviews',
  // A change holds what an object was, Secrets among them.
  'history.binnacle.dev/changes',
]);
/** Groups of which every body may. */
const SECRET_GROUPS: ReadonlySet<string> = new Set(['iam.binnacle.dev']);
/** What goes through these is somebody else's. */
const PASSED_ON: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** Whether a body is never noted, whatever a policy says: tokens, passwords and keys are in it. */
export function isSecretBody({ resource }: Asked): boolean {
  // Of paths, those under /auth have passwords, and the others nothing worth noting.
  if (!resource) return true;
  const { group, resource: plural, subresource } = resource;
  if (SECRET_GROUPS.has(group) || PASSED_ON.has(subresource)) return true;
  return SECRET.has(`${group}/${plural}`) || SECRET.has(`${group}/${plural}/${subresource}`);
}

const LONGEST_URI = 4 * 1024;

/** The path and query of a request; of a sign-in no more than which step of it: codes and tokens are in the rest. */
export function notedUri(url: string, path = url.split('?', 1)[0] ?? ''): string {
  if (path.startsWith('/auth')) return path.split('/').slice(0, 3).join('/');
  const [bare = ''] = url.split('?', 1);
  const known = SECRET_QUERY.test(url) ? bare : url;
  return known.length > LONGEST_URI ? known.slice(0, LONGEST_URI) : known;
}

/** Parameters that no request of the API has, and somebody may have put a credential into. */
const SECRET_QUERY = /[?&](access_token|id_token|token|code|password|secret)=/i;
