import type {
  ReachabilityPath,
  ReachabilityReviewStatus,
  ReachabilitySide,
} from '@binnacle/apis-kubernetes/reachability/v1';
import {
  type Because,
  type Direction,
  type Flow,
  type FlowAnswer,
  type FlowEnd,
  flowInWords,
  nameOfEnd,
  type SideAnswer,
  sideInWords,
  withheldInWords,
} from '@binnacle/apis-network-policy';
import type { ReviewTargets } from './review-ends.js';

/** A connection that is asked about, and what is decided of it. */
export interface DecidedFlow {
  readonly flow: Flow;
  readonly answer: FlowAnswer;
  /** Who asks may not see the Pod that accepts. */
  readonly isWithheld: boolean;
}

export interface AnsweredPath {
  readonly path: ReachabilityPath;
  readonly message: string;
}

/** What is said of a side: its policies, or only that they are not told. */
interface ToldSide {
  readonly side: ReachabilitySide;
  readonly words: string;
}

/** Of each side of each path. */
const MOST_NAMED = 100;

const reasonOf = (because: Because): string => `${because.charAt(0).toUpperCase()}${because.slice(1)}`;

function sideOf(direction: Direction, answer: SideAnswer, flow: Flow): ToldSide {
  const { allowed, because, policies, rule } = answer;
  const words = sideInWords(direction, answer, flow);
  const side = {
    allowed,
    reason: reasonOf(because),
    message: words,
    policies: policies.slice(0, MOST_NAMED).map(({ name }) => name),
    ...(policies.length > MOST_NAMED && { more: policies.length - MOST_NAMED }),
    ...(rule && { rule: { policy: rule.policy.name, index: rule.index } }),
  };
  return { side, words };
}

function withheldSide(direction: Direction, { allowed }: SideAnswer, flow: Flow): ToldSide {
  const words = withheldInWords(direction, allowed, flow);
  return { side: { allowed, reason: 'Withheld', message: words, policies: [] }, words };
}

/** What is no Pod, or has no network of its own, has no policies that could be withheld. */
const hasPolicies = ({ because }: SideAnswer): boolean => because !== 'outside' && because !== 'hostNetwork';

/** Tells of connections what who asks may be told: not of policies of some namespaces, nor of Pods that were found on the way. */
export class ToldAnswer {
  /** `hidden` are the namespaces of which no policies may be told. */
  constructor(private readonly hidden: ReadonlySet<string>) {}

  path({ flow: real, answer, isWithheld }: DecidedFlow): AnsweredPath {
    const { ip, pod } = real.to;
    const flow = isWithheld ? { ...real, to: { ip } } : real;
    const egress = this.side('egress', answer.egress, flow, real.from);
    const ingress = isWithheld
      ? withheldSide('ingress', answer.ingress, flow)
      : this.side('ingress', answer.ingress, flow, real.to);
    const path = {
      ...(pod && !isWithheld && { namespace: pod.namespace, pod: pod.name }),
      ip,
      port: flow.port,
      allowed: answer.allowed,
      egress: egress.side,
      ingress: ingress.side,
    };
    return { path, message: flowInWords(answer, flow, { egress: egress.words, ingress: ingress.words }) };
  }

  private side(direction: Direction, answer: SideAnswer, flow: Flow, { pod }: FlowEnd): ToldSide {
    const isHidden = pod !== undefined && this.hidden.has(pod.namespace) && hasPolicies(answer);
    return isHidden ? withheldSide(direction, answer, flow) : sideOf(direction, answer, flow);
  }
}

/** The answer: of the first connection that is not allowed, or of the first. */
export function statusOf(
  from: FlowEnd,
  { nowhere, incomplete = false }: ReviewTargets,
  answers: readonly AnsweredPath[],
): ReachabilityReviewStatus {
  const paths = answers.map(({ path }) => path);
  const decisive = answers.find(({ path }) => !path.allowed) ?? answers[0];
  if (!decisive) {
    return { allowed: false, message: `${nameOfEnd(from)} reaches nobody. ${nowhere}`, paths, incomplete };
  }
  const some = paths.some(({ allowed }) => allowed);
  const { allowed, egress, ingress } = decisive.path;
  return {
    allowed,
    ...(!allowed && some && { partly: true }),
    message: decisive.message,
    egress,
    ingress,
    paths,
    incomplete,
  };
}
