/**
 * What is wrong with a way, or worth knowing of it:
 * - `break`: nothing gets past this.
 * - `part`: some of it does not.
 * - `doubt`: it looks wrong, and only a request can tell.
 * - `note`: as it is meant to be, and easily forgotten.
 */
export type FaultLevel = 'break' | 'part' | 'doubt' | 'note';

const LEVELS = {
  // Addresses
  noLoadBalancer: 'part',
  loadBalancerError: 'part',
  sourceRanges: 'note',
  localNodes: 'note',
  headlessPort: 'note',
  externalNameAddress: 'doubt',
  externalNamePort: 'note',
  // The Service and its Pods
  noSelector: 'note',
  noSelectorNoEndpoints: 'break',
  selectsNothing: 'break',
  selectsAlmost: 'break',
  noPodReady: 'break',
  someNotReady: 'part',
  // Ports
  noPortOfThatName: 'break',
  someHaveNoPortOfThatName: 'part',
  portOtherProtocol: 'break',
  undeclaredPort: 'doubt',
  // One Pod
  podUnscheduled: 'break',
  podWaiting: 'break',
  podEnded: 'break',
  podTerminating: 'break',
  podNotReady: 'break',
  podHasNoEndpoint: 'break',
  podIsGone: 'break',
  policyRefuses: 'break',
  policyLimits: 'note',
  policiesUnseen: 'note',
  // Ingress
  noClass: 'break',
  classMissing: 'break',
  noIngressAddress: 'break',
  serviceMissing: 'break',
  servicePortMissing: 'break',
  notAService: 'note',
  secretMissing: 'break',
  secretUnnamed: 'note',
  secretIncomplete: 'break',
  certificateUnreadable: 'break',
  certificateKey: 'break',
  certificateExpired: 'break',
  certificateNotYet: 'break',
  certificateSoon: 'note',
  certificateOtherHost: 'break',
  shadowed: 'break',
} as const satisfies Readonly<Record<string, FaultLevel>>;

export type FaultCode = keyof typeof LEVELS;

export const FAULT_CODES = Object.keys(LEVELS) as readonly FaultCode[];

/** What a fault's sentence names: of what, how many, which. */
export type FaultFacts = Readonly<Record<string, string | number>>;

export interface Fault {
  readonly code: FaultCode;
  readonly level: FaultLevel;
  readonly facts: FaultFacts;
}

export const fault = (code: FaultCode, facts: FaultFacts = {}): Fault => ({ code, level: LEVELS[code], facts });

const RANK: readonly FaultLevel[] = ['note', 'doubt', 'part', 'break'];

/** The gravest of some faults; undefined where there are none. */
export function gravest(faults: readonly Fault[]): FaultLevel | undefined {
  const ranks = faults.map(({ level }) => RANK.indexOf(level));
  return ranks.length > 0 ? RANK[Math.max(...ranks)] : undefined;
}
