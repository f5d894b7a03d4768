import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
} from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type EventRecorder, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { ObjectKey, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { formatTime, isConflict, withCondition } from '@binnacle/machinery-meta';
import { toMillis } from '@binnacle/machinery-quantity';
import { type LabelMatcher, parseLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import { decide, type Decision, firstSeen, type ScaleHistory, withChange } from './limits.js';
import { lookAt, type MetricOutcome, type MetricProposal, type Scaled } from './metric-proposal.js';
import type { MetricsReader } from './metrics-reader.js';
import type { Tolerances } from './replica-count.js';
import type { Scale, ScaleClient } from './scale-client.js';

/** How often each is looked at. */
const PERIOD = 15_000;
const TOLERANCE = 0.1;

export interface AutoscalerOptions {
  readonly autoscalers: SharedInformer<HorizontalPodAutoscaler>;
  readonly client: ResourceClient<HorizontalPodAutoscaler>;
  readonly pods: SharedInformer<Pod>;
  readonly scales: ScaleClient;
  readonly metrics: MetricsReader;
  readonly recorder: EventRecorder;
}

/** The conditions of a status while it is being made, and what else it is to say. */
class Report {
  conditions: NonNullable<HorizontalPodAutoscalerStatus['conditions']>;
  currentMetrics: MetricStatus[] | undefined;
  currentReplicas: number;
  desiredReplicas: number;
  lastScaleTime: string | undefined;

  constructor(
    readonly hpa: HorizontalPodAutoscaler,
    private readonly now: number,
  ) {
    const {
      conditions = [],
      currentMetrics,
      currentReplicas = 0,
      desiredReplicas = 0,
      lastScaleTime,
    } = hpa.status ?? {};
    this.conditions = conditions;
    this.currentMetrics = currentMetrics;
    [this.currentReplicas, this.desiredReplicas] = [currentReplicas, desiredReplicas];
    this.lastScaleTime = lastScaleTime;
  }

  set(type: string, is: boolean, reason: string, message: string): void {
    const status = is ? 'True' : 'False';
    this.conditions = withCondition(this.conditions, { type, status, reason, message }, formatTime(this.now));
  }

  get status(): HorizontalPodAutoscalerStatus {
    const { conditions, currentMetrics, currentReplicas, desiredReplicas, lastScaleTime } = this;
    const { observedGeneration } = this.hpa.status ?? {};
    return {
      ...(observedGeneration !== undefined && { observedGeneration }),
      ...(lastScaleTime && { lastScaleTime }),
      ...(currentReplicas > 0 && { currentReplicas }),
      desiredReplicas,
      ...(currentMetrics && { currentMetrics }),
      ...(conditions.length > 0 && { conditions }),
    };
  }
}

/** What is known of the target: it can be scaled, and this is how. */
interface Found {
  readonly ref: ResourceRef;
  readonly scale: Scale;
}

/** How many there should be and why, before anything limits it. */
interface Wanted {
  readonly replicas: number;
  readonly reason: string;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function tolerancesOf({ spec: { behavior } }: HorizontalPodAutoscaler): Tolerances {
  const of = (tolerance: string | number | undefined) =>
    tolerance === undefined ? TOLERANCE : toMillis(tolerance) / 1000;
  return { up: of(behavior?.scaleUp?.tolerance), down: of(behavior?.scaleDown?.tolerance) };
}

const CANNOT = 'the HPA controller was unable to';

/** Behaves as kubernetes pkg/controller/podautoscaler/horizontal.go. */
export class HorizontalPodAutoscalerReconciler implements Reconciler {
  private readonly histories = new Map<ObjectKey, ScaleHistory>();
  /** Which Pods each autoscaler has to do with. */
  private readonly matchers = new Map<ObjectKey, LabelMatcher>();

  constructor(private readonly options: AutoscalerOptions) {}

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const hpa = this.options.autoscalers.get(key);
    if (!hpa) {
      this.histories.delete(key);
      this.matchers.delete(key);
      return done;
    }
    const report = new Report(hpa, ctx.clock.now());
    await this.look(ctx, key, report);
    await this.write(ctx, report);
    return againAt(ctx.clock.now() + PERIOD);
  }

  private warn({ hpa }: Report, reason: string, message: string): void {
    this.options.recorder.event(hpa, 'Warning', reason, message);
  }

  private async look(ctx: Context, key: ObjectKey, report: Report): Promise<void> {
    const found = await this.find(ctx, report);
    if (!found) return;
    const { spec } = report.hpa;
    const current = found.scale.spec?.replicas ?? 0;
    report.currentReplicas = current;
    const least = spec.minReplicas ?? 1;
    if (!this.histories.has(key)) this.histories.set(key, firstSeen(current, ctx.clock.now()));
    if (current === 0) return this.leave(report);
    const outside = outsideBounds(current, least, spec.maxReplicas);
    const wanted = outside ?? (await this.wanted(ctx, key, report, found));
    if (wanted && wanted.replicas !== current) await this.rescale(ctx, key, report, { ...found, wanted });
    else if (wanted) report.desiredReplicas = current;
  }

  private leave(report: Report): void {
    const message = 'scaling is disabled since the replica count of the target is zero';
    report.set('ScalingActive', false, 'ScalingDisabled', message);
    report.desiredReplicas = 0;
  }

  private async find(ctx: Context, report: Report): Promise<Found | undefined> {
    const { spec, metadata } = report.hpa;
    try {
      const ref = await this.options.scales.find(ctx, spec.scaleTargetRef);
      const scale = await this.options.scales.get(ctx, ref, metadata.namespace ?? '', spec.scaleTargetRef.name);
      report.set(
        'AbleToScale',
        true,
        'SucceededGetScale',
        "the HPA controller was able to get the target's current scale",
      );
      return { ref, scale };
    } catch (error) {
      const message = textOf(error);
      this.warn(report, 'FailedGetScale', message);
      report.set('AbleToScale', false, 'FailedGetScale', `${CANNOT} get the target's current scale: ${message}`);
      return undefined;
    }
  }

  /** What the metrics ask for, as far as it is followed now; undefined where they cannot be read. */
  private async wanted(ctx: Context, key: ObjectKey, report: Report, { scale }: Found): Promise<Wanted | undefined> {
    const pods = this.podsOf(key, report, scale.status?.selector ?? '');
    if (!pods) return undefined;
    const { hpa, currentReplicas: current } = report;
    const scaled = scaledBy(hpa, scale, pods, ctx.clock.now());
    const asked = { ctx, reader: this.options.metrics, scaled };
    // One after the other, as upstream: nobody bounds how many there are.
    const outcomes: MetricOutcome[] = [];
    for (const spec of hpa.spec.metrics ?? []) outcomes.push(await lookAt(asked, spec));
    const highest = this.highest(report, outcomes, current);
    if (!highest) return undefined;
    const decision = this.decide(key, report, highest.replicas, scaled.now);
    const reason = highest.replicas > current ? `${highest.name} above target` : 'All metrics below target';
    return { replicas: decision.replicas, reason };
  }

  private podsOf(key: ObjectKey, report: Report, selector: string): readonly Pod[] | undefined {
    if (selector === '') {
      const missing = "the HPA target's scale is missing a selector";
      return this.unclear(report, { event: 'SelectorRequired', message: 'selector is required' }, missing);
    }
    const matcher = parseLabelSelector(selector);
    this.matchers.set(key, matcher);
    const namespace = report.hpa.metadata.namespace ?? '';
    const pods = this.options.pods.list(namespace).filter(({ metadata }) => matcher.matches(metadata.labels));
    const others = [...this.matchers].filter(
      ([other, each]) =>
        other !== key &&
        other.startsWith(`${namespace}/`) &&
        pods.some(({ metadata }) => each.matches(metadata.labels)),
    );
    if (others.length === 0) return pods;
    const names = [key, ...others.map(([other]) => other)].sort().join(' ');
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${names}]`;
    return this.unclear(report, { event: 'AmbiguousSelector', message }, message);
  }

  /** Whose Pods they are is not clear, so nothing is asked of them. */
  private unclear(
    report: Report,
    told: { event: 'SelectorRequired' | 'AmbiguousSelector'; message: string },
    why: string,
  ) {
    const { event, message } = told;
    this.warn(report, event, message);
    this.warn(report, 'FailedComputeMetricsReplicas', message);
    report.set('ScalingActive', false, event === 'AmbiguousSelector' ? event : 'InvalidSelector', why);
    report.currentMetrics = undefined;
    return undefined;
  }

  /** The proposal of the most Pods. Where a metric is not known, fewer than there are is not believed. */
  private highest(report: Report, outcomes: readonly MetricOutcome[], current: number): MetricProposal | undefined {
    const proposals = outcomes.flatMap((outcome) => ('proposal' in outcome ? [outcome.proposal] : []));
    const failures = outcomes.flatMap((outcome) => ('proposal' in outcome ? [] : [outcome]));
    for (const { reason, why } of failures) this.warn(report, reason, why);
    report.currentMetrics = outcomes.map((outcome) => ('proposal' in outcome ? outcome.proposal.status : { type: '' }));
    const highest = proposals.reduce<MetricProposal | undefined>(
      (most, each) => (!most || each.replicas > most.replicas ? each : most),
      undefined,
    );
    const [first] = failures;
    if (first && (!highest || highest.replicas < current)) {
      const message = `the HPA was unable to compute the replica count: ${first.why}`;
      report.set('ScalingActive', false, first.reason, message);
      const counted = `(${failures.length} invalid out of ${outcomes.length}), first error is: ${first.message}`;
      this.warn(report, 'FailedComputeMetricsReplicas', `invalid metrics ${counted}`);
      return undefined;
    }
    if (!highest) return undefined;
    const found = `the HPA was able to successfully calculate a replica count from ${highest.name}`;
    report.set('ScalingActive', true, 'ValidMetricFound', found);
    return highest;
  }

  private decide(key: ObjectKey, report: Report, desired: number, now: number): Decision {
    const { spec } = report.hpa;
    const wish = { spec, current: report.currentReplicas, desired, least: spec.minReplicas ?? 1, now };
    const decision = decide(wish, this.histories.get(key) ?? firstSeen(report.currentReplicas, now));
    this.histories.set(key, decision.history);
    report.set('AbleToScale', true, decision.able.reason, decision.able.message);
    report.set('ScalingLimited', decision.limit.limited, decision.limit.reason, decision.limit.message);
    return decision;
  }

  private async rescale(
    ctx: Context,
    key: ObjectKey,
    report: Report,
    { ref, scale, wanted: { replicas, reason } }: Found & { readonly wanted: Wanted },
  ): Promise<void> {
    const { recorder } = this.options;
    try {
      await this.updateScale(ctx, ref, scale, replicas);
    } catch (error) {
      const message = textOf(error);
      this.warn(report, 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${message}`);
      report.set('AbleToScale', false, 'FailedUpdateScale', `${CANNOT} update the target scale: ${message}`);
      return;
    }
    const told = `the HPA controller was able to update the target scale to ${replicas}`;
    report.set('AbleToScale', true, 'SucceededRescale', told);
    recorder.event(report.hpa, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`);
    const now = ctx.clock.now();
    const history = this.histories.get(key) ?? firstSeen(report.currentReplicas, now);
    this.histories.set(key, withChange(history, report.currentReplicas, replicas, now));
    report.desiredReplicas = replicas;
    report.lastScaleTime = formatTime(now);
  }

  /** Once more from what there is now where somebody else wrote meanwhile. */
  private async updateScale(ctx: Context, ref: ResourceRef, scale: Scale, replicas: number): Promise<void> {
    const { scales } = this.options;
    try {
      await scales.update(ctx, ref, { ...scale, spec: { ...scale.spec, replicas } });
    } catch (error) {
      if (!isConflict(error)) throw error;
      const { namespace = '', name = '' } = scale.metadata;
      const fresh = await scales.get(ctx, ref, namespace, name);
      await scales.update(ctx, ref, { ...fresh, spec: { ...fresh.spec, replicas } });
    }
  }

  private async write(ctx: Context, { hpa, status }: Report): Promise<void> {
    if (semanticEqual(hpa.status ?? {}, status)) return;
    const written = await this.options.client.updateStatus(ctx, { ...hpa, status });
    await this.options.autoscalers.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

function scaledBy(hpa: HorizontalPodAutoscaler, { spec, status }: Scale, pods: readonly Pod[], now: number): Scaled {
  return {
    namespace: hpa.metadata.namespace ?? '',
    selector: status?.selector ?? '',
    pods,
    replicas: spec?.replicas ?? 0,
    running: status?.replicas ?? 0,
    tolerances: tolerancesOf(hpa),
    now,
  };
}

function outsideBounds(current: number, least: number, most: number): Wanted | undefined {
  if (current > most) return { replicas: most, reason: 'Current number of replicas above Spec.MaxReplicas' };
  if (current < least) return { replicas: least, reason: 'Current number of replicas below Spec.MinReplicas' };
  return undefined;
}
