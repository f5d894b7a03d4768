import type { HorizontalPodAutoscalerSpec, HPAScalingRules } from '@binnacle/apis-kubernetes/autoscaling/v2';

interface Sample {
  readonly at: number;
  readonly value: number;
}

/** What was recommended and done lately. It does not outlive the program, as upstream. */
export interface ScaleHistory {
  readonly recommendations: readonly Sample[];
  readonly ups: readonly Sample[];
  readonly downs: readonly Sample[];
}

export const NO_HISTORY: ScaleHistory = { recommendations: [], ups: [], downs: [] };

const DOWNSCALE_STABILIZATION = 300_000;
const FASTEST_FACTOR = 2;
const FASTEST_LEAST = 4;
const WITHIN = {
  limited: false,
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};

/** How a recommendation is followed: what the conditions say of it. */
export interface Decision {
  readonly replicas: number;
  readonly able: { readonly reason: string; readonly message: string };
  readonly limit: { readonly limited: boolean; readonly reason: string; readonly message: string };
  readonly history: ScaleHistory;
}

interface Wish {
  readonly spec: HorizontalPodAutoscalerSpec;
  readonly current: number;
  readonly desired: number;
  readonly least: number;
  readonly now: number;
}

const READY = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const recent = (which: string) => `recent recommendations were ${which} than current one, applying the`;
const UP = { reason: 'ScaleUpStabilized', message: `${recent('lower')} lowest recent recommendation` };
const DOWN = { reason: 'ScaleDownStabilized', message: `${recent('higher')} highest recent recommendation` };

const seconds = (value: number | undefined, fallback: number): number =>
  value === undefined ? fallback : value * 1000;

interface Windows {
  readonly up: number;
  readonly down: number;
}

function windowsOf({ behavior }: HorizontalPodAutoscalerSpec): Windows {
  if (!behavior) return { up: 0, down: DOWNSCALE_STABILIZATION };
  const down = seconds(behavior.scaleDown?.stabilizationWindowSeconds, DOWNSCALE_STABILIZATION);
  return { up: seconds(behavior.scaleUp?.stabilizationWindowSeconds, 0), down };
}

/** The recommendation that stands out least of those of a while. */
function stabilized({ spec, current, desired, now }: Wish, { recommendations }: ScaleHistory): number {
  const { up, down } = windowsOf(spec);
  const since = (window: number) => recommendations.filter(({ at }) => at > now - window).map(({ value }) => value);
  const most = Math.max(desired, ...since(down));
  if (!spec.behavior) return most;
  const least = Math.min(desired, ...since(up));
  return Math.min(Math.max(current, least), most);
}

const changed = (samples: readonly Sample[], period: number, now: number): number =>
  samples.filter(({ at }) => at > now - period * 1000).reduce((sum, { value }) => sum + value, 0);

type Direction = 'up' | 'down';

/** The farthest a policy lets the number go from where it was at the beginning of its period. */
function reach(
  { current, now }: Wish,
  { ups, downs }: ScaleHistory,
  rules: HPAScalingRules,
  direction: Direction,
): number[] {
  return (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const start = current - changed(ups, periodSeconds, now) + changed(downs, periodSeconds, now);
    if (type === 'Pods') return direction === 'up' ? start + value : start - value;
    return direction === 'up' ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100));
  });
}

function fastest(wish: Wish, history: ScaleHistory, direction: Direction): number {
  const { spec, current } = wish;
  const rules = direction === 'up' ? spec.behavior?.scaleUp : spec.behavior?.scaleDown;
  if (!rules || rules.selectPolicy === 'Disabled') return rules ? current : direction === 'up' ? Infinity : 0;
  const reaches = reach(wish, history, rules, direction);
  const widest = (rules.selectPolicy ?? 'Max') === 'Max';
  const farthest = widest === (direction === 'up') ? Math.max(...reaches) : Math.min(...reaches);
  return direction === 'up' ? Math.max(farthest, current) : Math.min(farthest, current);
}

const RATE = 'the desired replica count is';
const TOO_FAST = { reason: 'ScaleUpLimit', message: `${RATE} increasing faster than the maximum scale rate` };
const TOO_MANY = { reason: 'TooManyReplicas', message: `${RATE} more than the maximum replica count` };
const TOO_SLOW = { reason: 'ScaleDownLimit', message: `${RATE} decreasing faster than the maximum scale rate` };
const TOO_FEW = { reason: 'TooFewReplicas', message: `${RATE} less than the minimum replica count` };

type Limited = Pick<Decision, 'replicas' | 'limit'>;

function withinBounds(desired: number, least: number, most: number, why: { few: object; many: object }): Limited {
  if (desired < least) return { replicas: least, limit: { limited: true, ...why.few } as Decision['limit'] };
  if (desired > most) return { replicas: most, limit: { limited: true, ...why.many } as Decision['limit'] };
  return { replicas: desired, limit: WITHIN };
}

function limitedByRates(wish: Wish, history: ScaleHistory): Limited {
  const { spec, current, desired, least } = wish;
  if (desired === current) return { replicas: desired, limit: WITHIN };
  if (desired > current) {
    const most = fastest(wish, history, 'up');
    const many = spec.maxReplicas > most ? TOO_FAST : TOO_MANY;
    return withinBounds(desired, Number.NEGATIVE_INFINITY, Math.min(spec.maxReplicas, most), { few: {}, many });
  }
  const fewest = fastest(wish, history, 'down');
  const few = least < fewest ? TOO_SLOW : TOO_FEW;
  return withinBounds(desired, Math.max(least, fewest), Number.POSITIVE_INFINITY, { few, many: {} });
}

function limited(wish: Wish, history: ScaleHistory): Limited {
  const { spec, current, desired, least } = wish;
  if (spec.behavior) return limitedByRates(wish, history);
  const most = Math.max(FASTEST_FACTOR * current, FASTEST_LEAST);
  const many = spec.maxReplicas > most ? TOO_FAST : TOO_MANY;
  return withinBounds(desired, least, Math.min(spec.maxReplicas, most), { few: TOO_FEW, many });
}

/** Forgets what no window and no policy looks at any more. */
function pruned({ recommendations, ups, downs }: ScaleHistory, { spec, now }: Wish): ScaleHistory {
  const { up, down } = windowsOf(spec);
  const policies = [...(spec.behavior?.scaleUp?.policies ?? []), ...(spec.behavior?.scaleDown?.policies ?? [])];
  const period = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds * 1000));
  const since = (samples: readonly Sample[], window: number) => samples.filter(({ at }) => at > now - window);
  return {
    recommendations: since(recommendations, Math.max(up, down)),
    ups: since(ups, period),
    downs: since(downs, period),
  };
}

/** How far a wish is followed now. Behaves as kubernetes normalizeDesiredReplicas and its sibling with behaviours. */
export function decide(wish: Wish, before: ScaleHistory): Decision {
  const history = pruned(before, wish);
  const steady = stabilized(wish, history);
  const stabilizing = wish.spec.behavior && wish.desired >= wish.current ? UP : DOWN;
  const recommendations = [...history.recommendations, { at: wish.now, value: wish.desired }];
  return {
    ...limited({ ...wish, desired: steady }, history),
    able: steady === wish.desired ? READY : stabilizing,
    history: { ...history, recommendations },
  };
}

/** The history with a change that was made. */
export function withChange(history: ScaleHistory, from: number, to: number, now: number): ScaleHistory {
  const sample = { at: now, value: Math.abs(to - from) };
  return to > from ? { ...history, ups: [...history.ups, sample] } : { ...history, downs: [...history.downs, sample] };
}

/** The history of a target that is looked at for the first time. */
export function firstSeen(current: number, now: number): ScaleHistory {
  return { ...NO_HISTORY, recommendations: [{ at: now, value: current }] };
}
