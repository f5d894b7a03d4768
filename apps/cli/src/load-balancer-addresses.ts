import { isCidr, isQualifiedName, parseCidr } from '@binnacle/machinery-validation';
import { carriedAddress, EXTERNAL_CIDR, FIRST_OF_MAIN, isOfWire } from '@binnacle/machinery-wire';
import { ConfigError } from '@binnacle/process-config';

const EXAMPLE = '127.97.0.0/24';
const [, FIRST_NETWORK = ''] = EXAMPLE.split('.');

/** Where nobody says another: 127.97.0.0/24, or the next network of the wire that nothing else of the cluster has. */
export function defaultLoadBalancerCidr(taken: readonly string[]): string {
  let network = Number(FIRST_NETWORK);
  while (taken.includes(String(network))) network += 1;
  return `127.${network}.0.0/24`;
}

/** The widest range of the wire: another byte is another network. */
const WIDEST_PREFIX = 16;

const rangeOf = (word: string): string => word.slice(word.indexOf('=') + 1);
const baseOf = (range: string): string => range.slice(0, range.indexOf('/'));
const isOnWire = (range: string): boolean => isOfWire(baseOf(range));
/** The byte that tells networks of the wire apart. */
const networkOf = (range: string): string => range.split('.')[1] ?? '';

function complaintOf(word: string): string | undefined {
  const [name] = word.includes('=') ? word.split('=') : [];
  if (name !== undefined && isQualifiedName(name).length > 0) return `"${name}" is no class of load balancers`;
  const range = rangeOf(word);
  if (isCidr(range).length > 0) return `"${range}" is no network such as ${EXAMPLE}`;
  if (!isOnWire(range)) return undefined;
  const isNarrow = (parseCidr(range)?.prefix ?? 0) >= WIDEST_PREFIX;
  if (isNarrow && (networkOf(range) === '0' || Number(networkOf(range)) >= FIRST_OF_MAIN)) return undefined;
  return `addresses of "${range}" are this machine's or other logical clusters'; choose some in 127.N.0.0/16, N from ${FIRST_OF_MAIN} on`;
}

/** Reads `<range>` and `<class>=<range>`. @throws ConfigError */
export function readLoadBalancerCidrs(words: readonly string[]): readonly string[] {
  const complaint = words.map(complaintOf).find((each) => each !== undefined);
  if (complaint) throw new ConfigError(`--load-balancer-cidr: ${complaint}`);
  return words;
}

/** The second bytes of the networks of the wire that they are of. */
export const loadBalancerNetworks = (words: readonly string[]): string[] => [
  ...new Set(words.map(rangeOf).filter(isOnWire).map(networkOf)),
];

/** What Services may be given, as the cluster writes it, where it is more than it is anyway: for whoever carries it. */
export function externalCidrFlag(words: readonly string[]): string[] {
  const [, ofMain] = EXTERNAL_CIDR.split('.');
  const more = words.map(rangeOf).filter((range) => !isOnWire(range) || networkOf(range) !== ofMain);
  return more.length > 0 ? [`--external-cidr=${[EXTERNAL_CIDR, ...new Set(more.map(carriedAddress))].join(',')}`] : [];
}
