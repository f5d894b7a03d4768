import { type Fault, type FaultLevel, gravest } from './fault.js';

export type StopKind =
  | 'host'
  | 'ingressAddress'
  | 'certificate'
  | 'name'
  | 'clusterIP'
  | 'nodePort'
  | 'loadBalancer'
  | 'externalIP'
  | 'port'
  | 'service'
  | 'targetPort'
  | 'pod'
  | 'endpoint'
  | 'container'
  | 'external'
  | 'other';

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** One box of the way. */
export interface Stop {
  readonly kind: StopKind;
  /** What stands in it: an address, a port, a name. */
  readonly text: string;
  /** In smaller letters below. */
  readonly more?: string;
  readonly ref?: ObjectRef;
  /** Of what answers in the end: where it is dialled. */
  readonly addresses?: readonly string[];
  readonly faults: readonly Fault[];
  /** Where it goes on to by itself, without choosing among several: a Pod's container. */
  readonly then?: Stop;
}

export type StageKind =
  | 'entry'
  | 'ingress'
  | 'certificate'
  | 'address'
  | 'port'
  | 'service'
  | 'target'
  | 'pods'
  | 'external';

/** A step of the way: a request takes one of its stops. */
export interface Stage {
  readonly kind: StageKind;
  readonly stops: readonly Stop[];
  /** Of the step as a whole. */
  readonly faults: readonly Fault[];
  /** Why not everything is known that would stand here. */
  readonly unseen?: 'loading' | 'refused';
}

/** One way of requests, from where they come in to what answers them. */
export interface Lane {
  /** The same for as long as it is the same way: of a port, of a rule. */
  readonly id: string;
  readonly stages: readonly Stage[];
}

/**
 * How far requests get: `open`; `part`, where some do not; `doubt`, where it looks wrong; `broken`; `unknown`, where too little may
 * be seen.
 */
export type Passage = 'open' | 'part' | 'doubt' | 'broken' | 'unknown';

const stopFaults = ({ faults, then }: Stop): readonly Fault[] => [...faults, ...(then ? stopFaults(then) : [])];

const PASSAGES: Readonly<Record<FaultLevel, Passage>> = { break: 'broken', part: 'part', doubt: 'doubt', note: 'open' };

export function stopPassage(stop: Stop): Passage {
  const level = gravest(stopFaults(stop));
  return level ? PASSAGES[level] : 'open';
}

/** Of Pods, those that can be seen are enough. */
const isHidden = ({ kind, stops, unseen }: Stage): boolean =>
  unseen !== undefined && (kind !== 'pods' || stops.length === 0);

export function stagePassage(stage: Stage): Passage {
  const passages: Passage[] = stage.stops.map(stopPassage);
  const own = gravest(stage.faults);
  if (own === 'break') return 'broken';
  // What cannot be seen may be the stop that is taken.
  if (passages.length > 0 && passages.every((each) => each === 'broken')) return stage.unseen ? 'unknown' : 'broken';
  if (isHidden(stage)) return 'unknown';
  if (own) passages.push(PASSAGES[own]);
  if (passages.includes('broken') || passages.includes('part')) return 'part';
  return passages.includes('doubt') ? 'doubt' : 'open';
}

/** Where a way breaks: the first step that nothing gets past; -1 where there is none. */
export const brokenAt = ({ stages }: Lane): number => stages.findIndex((stage) => stagePassage(stage) === 'broken');

const WORST: readonly Passage[] = ['broken', 'unknown', 'part', 'doubt', 'open'];

export function lanePassage({ stages }: Lane): Passage {
  const passages = stages.map(stagePassage);
  return WORST.find((each) => passages.includes(each)) ?? 'open';
}

/** All that is wrong on a way, in the order in which a request meets it. */
export const laneFaults = ({ stages }: Lane): readonly Fault[] =>
  stages.flatMap(({ faults, stops }) => [...faults, ...stops.flatMap(stopFaults)]);
