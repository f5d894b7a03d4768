import type {
  Decision,
  DecisionNodeScore,
  DecisionPreemption,
  DecisionSpec,
  DecisionStatus,
} from '@binnacle/apis-kubernetes/decisions/v1';
import type { BestNodes, DecisionRecord, Victim } from '@binnacle/apis-kubernetes/decisions/record';
import { formatTime } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Attributes, Key, StoredDecision } from '@binnacle/server-storage';
import { derivedUid } from '../derived-uid.js';

/** Where decisions are found, as a `Key` says it. */
export const DECISIONS = 'scheduling.binnacle.dev/decisions';

const NAME = /^(.+)\.([1-9a-f][0-9a-f]{0,12})$/;
const HEX = 16;

export const nameOfDecision = ({ pod, id }: Pick<StoredDecision, 'pod' | 'id'>): string => `${pod}.${id.toString(HEX)}`;

/** The Pod and the number that a name says; undefined for what is the name of none. */
export function readName(name: string): { readonly pod: string; readonly id: number } | undefined {
  const [, pod, id = ''] = NAME.exec(name) ?? [];
  return pod === undefined ? undefined : { pod, id: Number.parseInt(id, HEX) };
}

/** What is read of a decision that is kept. */
export const recordOf = ({ record }: Pick<StoredDecision, 'record'>): DecisionRecord =>
  JSON.parse(record) as DecisionRecord;

const exactTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

function specOf({ pod, scheduler, attempt, queued, revision }: DecisionRecord): DecisionSpec {
  return {
    podName: pod.name,
    podUID: pod.uid,
    schedulerName: scheduler,
    attempt,
    queuedTime: exactTime(queued.since),
    queuedBy: queued.event,
    ...(queued.object !== undefined && { queuedByObject: queued.object }),
    revision,
  };
}

function bestOf({ plugins, nodes }: BestNodes): DecisionNodeScore[] {
  return nodes.map(({ node, total, raw, scores }) => ({
    node,
    total,
    plugins: plugins.map(({ plugin, weight }, at) => {
      const score = scores[at] ?? 0;
      return { plugin, raw: raw[at] ?? 0, score, weight, weighted: score * weight };
    }),
  }));
}

/** Who is told to whom: those of some namespaces are only counted. */
export type MayName = (victim: Victim) => boolean;

function preemptionOf(
  { node, victims, moreVictims = 0, message }: NonNullable<DecisionRecord['preemption']>,
  mayName: MayName,
): DecisionPreemption {
  const told = victims.filter(mayName);
  const more = moreVictims + victims.length - told.length;
  return {
    ...(node !== undefined && { node }),
    victims: told,
    ...(more > 0 && { moreVictims: more }),
    ...(message !== undefined && { message }),
  };
}

function statusOf(record: DecisionRecord, nodeDetail: boolean, mayName: MayName): DecisionStatus {
  const { result, node, message, time, duration, nodes, feasible, refused, moreRefused, best, preemption } = record;
  return {
    result,
    ...(node !== undefined && { nodeName: node }),
    ...(message !== undefined && { message }),
    time: exactTime(time),
    durationMicroseconds: duration,
    nodes,
    feasibleNodes: feasible,
    rejections: refused.map(({ examples, ...rest }) => ({ ...rest, exampleNodes: [...examples] })),
    ...(moreRefused !== undefined && { moreRejections: moreRefused }),
    bestNodes: best ? bestOf(best) : [],
    ...(preemption && { preemption: preemptionOf(preemption, mayName) }),
    nodeDetail,
  };
}

/** The Decision that a client is shown. */
export function decisionObject(stored: StoredDecision, record: DecisionRecord, mayName: MayName): UnstructuredObject {
  const metadata = {
    name: nameOfDecision(stored),
    namespace: stored.namespace,
    uid: derivedUid('decision', stored.incarnation, stored.id),
    creationTimestamp: formatTime(record.time),
  };
  const decision: Decision = {
    apiVersion: 'scheduling.binnacle.dev/v1',
    kind: 'Decision',
    metadata,
    spec: specOf(record),
    status: statusOf(record, stored.hasDetail, mayName),
  };
  return decision as unknown as UnstructuredObject;
}

/** What a decision is selected by. */
export function decisionAttributes({ pod, uid, node, result }: StoredDecision, scheduler: string): Attributes {
  const fields = {
    'spec.podName': pod,
    'spec.podUID': uid,
    'spec.schedulerName': scheduler,
    'status.nodeName': node,
    'status.result': result,
  };
  return { labels: {}, fields };
}

export const keyOfDecision = (cluster: string, stored: StoredDecision): Key => ({
  cluster,
  resource: DECISIONS,
  namespace: stored.namespace,
  name: nameOfDecision(stored),
});
