import { isIPv4 } from 'node:net';

/** The files by which a container finds names, as it has them at this moment. */
export interface NameFiles {
  readonly hosts: string;
  readonly resolvConf: string;
}

/** How a container's programs ask for names. */
export interface ResolverConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  /** A name with so many dots is asked for as it stands first. */
  readonly ndots: number;
  readonly timeoutMilliseconds: number;
  /** How often each server is asked. */
  readonly attempts: number;
  readonly useTcp: boolean;
}

export const HOSTS_PATH = '/etc/hosts';
export const RESOLV_CONF_PATH = '/etc/resolv.conf';
/** Characters of a file that are looked at. */
export const MOST_TEXT = 64 * 1024;
/** Characters of a name, its dots with them. */
const LONGEST_NAME = 253;
/** As glibc has them (resolv.conf(5)). */
const MOST_SERVERS = 3;
const MOST_SEARCHES = 32;
const LIMITS = { ndots: 15, timeout: 30, attempts: 5 };
const DEFAULTS = { ndots: 1, timeout: 5, attempts: 2 };

const wordsOf = (text: string, comment: RegExp): string[][] =>
  text
    .slice(0, MOST_TEXT)
    .split('\n')
    .map((line) => line.replace(comment, '').trim().split(/\s+/));

function numberOf(options: readonly string[], name: keyof typeof LIMITS): number {
  const given = options.findLast((option) => option.startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
  return /^\d+$/.test(given) ? Math.min(Number(given), LIMITS[name]) : DEFAULTS[name];
}

/** Reads `/etc/resolv.conf`. What it does not know it passes over, as every resolver does. */
export function resolverConfig(text: string): ResolverConfig {
  const lines = wordsOf(text, /[#;].*/);
  const valuesOf = (keyword: string) => lines.filter(([first]) => first === keyword).map(([, ...values]) => values);
  const options = valuesOf('options').flat();
  return {
    servers: valuesOf('nameserver')
      .flatMap(([server]) => server ?? [])
      .slice(0, MOST_SERVERS),
    searches: (valuesOf('search').at(-1) ?? []).slice(0, MOST_SEARCHES),
    ndots: numberOf(options, 'ndots'),
    timeoutMilliseconds: Math.max(1, numberOf(options, 'timeout')) * 1000,
    attempts: Math.max(1, numberOf(options, 'attempts')),
    useTcp: options.includes('use-vc'),
  };
}

/** What `/etc/hosts` says of a name: a line's address and all its names; undefined where no line has it. */
export function hostsEntry(text: string, name: string): { address: string; names: string[] } | undefined {
  const wanted = name.replace(/\.$/, '').toLowerCase();
  const lines = wordsOf(text, /#.*/).filter(([, ...each]) => each.some((one) => one.toLowerCase() === wanted));
  const [address, ...names] = lines.find(([first = '']) => isIPv4(first)) ?? lines[0] ?? [];
  return address === undefined ? undefined : { address, names };
}

/** Labels of 1 to 63 bytes, 255 of all with their lengths; the root has none. */
export const isLegalName = (name: string): boolean =>
  name === '' || (name.length <= LONGEST_NAME && name.split('.').every((label) => /^[\x21-\x7e]{1,63}$/.test(label)));

/** The full names that a name may mean, in the order in which they are asked for, without a dot at their end. */
export function candidates(name: string, { searches, ndots }: Pick<ResolverConfig, 'searches' | 'ndots'>): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  // A dot alone is the root.
  const found = searches.map((search) => [name, search.replace(/\.$/, '')].filter(Boolean).join('.'));
  const all = name.split('.').length > ndots ? [name, ...found] : [...found, name];
  return [...new Set(all)];
}
