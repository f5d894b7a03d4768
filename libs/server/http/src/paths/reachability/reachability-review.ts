import type {
  ReachabilityPath,
  ReachabilityReviewSpec,
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
  PolicyIndex,
  type Protocol,
  type SideAnswer,
  sideInWords,
} from '@binnacle/apis-network-policy';
import type { AskFor } from '@binnacle/server-auth';
import type { CallerContext, Registry } from '@binnacle/server-registry';
import { AskedObjects } from './asked-objects.js';
import { ReviewEnds, type ReviewTargets } from './review-ends.js';
import { checkReachability } from './validate-review.js';

/** Answers whether network policies let one reach another, to whoever may see both ends and the policies about them. */
export class ReachabilityReviews {
  constructor(
    private readonly registry: Pick<Registry, 'get'>,
    private readonly permit: AskFor,
  ) {}

  /** Rejects with Invalid for what is no question, with Forbidden or NotFound for what who asks may not see or is not there. */
  async answer(ctx: CallerContext, asked: Partial<ReachabilityReviewSpec>): Promise<ReachabilityReviewStatus> {
    const spec = checkReachability(asked);
    const objects = new AskedObjects(ctx, this.registry, this.permit);
    const ends = new ReviewEnds(objects);
    const [from, to] = [await ends.from(spec.from), await ends.to(spec)];
    const index = await indexOf(objects, [from, ...to.targets.map(({ end }) => end)]);
    const protocol = (spec.protocol ?? 'TCP') as Protocol;
    const flows = to.targets.map(({ end, port }): Flow => ({ from, to: end, port, protocol }));
    return statusOf(
      from,
      to,
      flows.map((flow) => pathOf(flow, index.decide(flow))),
    );
  }
}

/** The policies of the namespaces of all who are asked about. */
async function indexOf(objects: AskedObjects, ends: readonly FlowEnd[]): Promise<PolicyIndex> {
  const index = new PolicyIndex();
  const namespaces = new Set(ends.flatMap(({ pod }) => (pod ? [pod.namespace] : [])));
  for (const name of namespaces) {
    for (const policy of await objects.policies(name)) index.setPolicy(policy);
    const found = await objects.namespace(name);
    if (found) index.setNamespace(name, found.metadata.labels);
  }
  return index;
}

interface AnsweredPath {
  readonly path: ReachabilityPath;
  readonly message: string;
}

const reasonOf = (because: Because): string => `${because.charAt(0).toUpperCase()}${because.slice(1)}`;

function sideOf(direction: Direction, answer: SideAnswer, flow: Flow): ReachabilitySide {
  const { allowed, because, policies, rule } = answer;
  return {
    allowed,
    reason: reasonOf(because),
    message: sideInWords(direction, answer, flow),
    policies: policies.map(({ name }) => name),
    ...(rule && { rule: { policy: rule.policy.name, index: rule.index } }),
  };
}

function pathOf(flow: Flow, answer: FlowAnswer): AnsweredPath {
  const { ip, pod } = flow.to;
  const path = {
    ...(pod && { namespace: pod.namespace, pod: pod.name }),
    ip,
    port: flow.port,
    allowed: answer.allowed,
    egress: sideOf('egress', answer.egress, flow),
    ingress: sideOf('ingress', answer.ingress, flow),
  };
  return { path, message: flowInWords(answer, flow) };
}

function statusOf(
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
