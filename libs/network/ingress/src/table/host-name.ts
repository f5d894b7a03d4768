const PORT = /:\d{1,5}$/;
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}$/;
const ADDRESS_6 = /^\[[0-9a-f:.]{2,45}\]$/;
const LONGEST = 253;

/**
 * The host that a request is for, from its `Host` or `:authority`: lower case, without port and a dot at the end. Undefined for what
 * is no host, so that nobody after us reads another one from it.
 */
export function hostName(authority: string): string | undefined {
  const host = authority.replace(PORT, '').toLowerCase().replace(/\.$/, '');
  if (host.length > LONGEST) return undefined;
  return NAME.test(host) || ADDRESS_6.test(host) ? host : undefined;
}

/** Whether a wildcard such as `*.example.com` covers a host. `depth` says of how many labels its star is. */
export function coversHost(wildcard: string, host: string, depth: 'one' | 'any'): boolean {
  const suffix = wildcard.slice(1);
  if (!host.endsWith(suffix) || host.length === suffix.length) return false;
  return depth === 'any' || !host.slice(0, -suffix.length).includes('.');
}

/** The wildcards that may cover a host, the longest first: `*.b.c` and `*.c` of `a.b.c`. */
export function wildcardsOf(host: string): string[] {
  const labels = host.split('.');
  return labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`);
}
