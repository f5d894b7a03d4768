import type { ReachabilityReviewSpec, ReachabilityReviewStatus } from '@binnacle/apis-kubernetes/reachability/v1';
import { type Flow, type FlowEnd, PolicyIndex, type Protocol } from '@binnacle/apis-network-policy';
import type { AskFor } from '@binnacle/server-auth';
import { inTurns } from '@binnacle/server-flow-control';
import type { CallerContext, Registry } from '@binnacle/server-registry';
import { AskedObjects, type Reading } from './asked-objects.js';
import { ReviewEnds } from './review-ends.js';
import { statusOf, ToldAnswer } from './told-answer.js';
import { checkReachability } from './validate-review.js';

/** The policies that decide, and of which namespaces they are not told. */
interface AskedPolicies {
  readonly index: PolicyIndex;
  readonly hidden: ReadonlySet<string>;
}

/**
 * Answers whether network policies let one reach another, to whoever may see both. Of policies they may not list, and of Pods of a
 * Service that they may not see, they are told no more than that.
 */
export class ReachabilityReviews {
  constructor(
    private readonly registry: Pick<Registry, 'get'>,
    private readonly permit: AskFor,
  ) {}

  /**
   * Rejects with Invalid for what is no question, with Forbidden or NotFound for what who asks may not see or is not there.
   * `onRead` hears of what is read for it, and may end it by throwing.
   */
  async answer(
    ctx: CallerContext,
    asked: Partial<ReachabilityReviewSpec>,
    onRead: (reading: Reading) => void = () => undefined,
  ): Promise<ReachabilityReviewStatus> {
    const spec = checkReachability(asked);
    const objects = new AskedObjects(ctx, this.registry, this.permit, onRead);
    const ends = new ReviewEnds(objects);
    const [from, to] = [await ends.from(spec.from), await ends.to(spec)];
    const isImagined = spec.from.labels !== undefined;
    const { index, hidden } = await policiesOf(ctx, objects, [from, ...to.targets.map(({ end }) => end)], isImagined);
    const protocol = (spec.protocol ?? 'TCP') as Protocol;
    const told = new ToldAnswer(hidden);
    const answers = await inTurns(to.targets, ctx.signal, ({ end, port, isWithheld = false }) => {
      const flow: Flow = { from, to: end, port, protocol };
      return told.path({ flow, answer: index.decide(flow), isWithheld });
    });
    return statusOf(from, to, answers);
  }
}

/**
 * The policies of the namespaces of all who are asked about. Whoever imagines Pods could find out by many of them what policies
 * say, so they must be allowed to read them.
 */
async function policiesOf(
  ctx: CallerContext,
  objects: AskedObjects,
  ends: readonly FlowEnd[],
  isImagined: boolean,
): Promise<AskedPolicies> {
  const index = new PolicyIndex();
  const hidden = new Set<string>();
  const namespaces = new Set(ends.flatMap(({ pod }) => (pod ? [pod.namespace] : [])));
  for (const name of namespaces) {
    const { value, isTold } = await objects.policies(name, isImagined);
    await inTurns(value, ctx.signal, (policy) => index.setPolicy(policy));
    if (!isTold) hidden.add(name);
    const found = await objects.namespace(name);
    if (found) index.setNamespace(name, found.metadata.labels);
  }
  return { index, hidden };
}
