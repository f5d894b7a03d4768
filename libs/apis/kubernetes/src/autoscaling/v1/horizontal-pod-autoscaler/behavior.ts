import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from '../../v2/index.js';

type Fields = Record<string, unknown>;

/** Names as upstream's internal structures have them, in their order: the annotation is older than any other form. */
const BEHAVIOR = ['ScaleUp', 'ScaleDown'] as const;
const RULES = ['StabilizationWindowSeconds', 'SelectPolicy', 'Policies', 'Tolerance'] as const;
const POLICY = ['Type', 'Value', 'PeriodSeconds'] as const;

const served = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** All of them, null where there is nothing. */
function named(fields: object, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, (fields as Fields)[served(name)] ?? null]));
}

function rulesToV1(rules: HPAScalingRules | undefined): Fields | null {
  if (!rules) return null;
  return named({ ...rules, policies: rules.policies?.map((policy) => named(policy, POLICY)) }, RULES);
}

export function behaviorToV1({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): Fields {
  return named({ scaleUp: rulesToV1(scaleUp), scaleDown: rulesToV1(scaleDown) }, BEHAVIOR);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those of the names, in whatever case they are written. */
function unnamed(value: unknown, names: readonly string[]): Fields {
  const found: Fields = {};
  if (!isFields(value)) return found;
  for (const [key, member] of Object.entries(value)) {
    const name = names.find((known) => known.toLowerCase() === key.toLowerCase());
    if (name && member !== null) found[served(name)] = member;
  }
  return found;
}

function rulesFromV1(value: unknown): HPAScalingRules | undefined {
  if (!isFields(value)) return undefined;
  const rules = unnamed(value, RULES);
  if (Array.isArray(rules.policies)) rules.policies = rules.policies.map((policy) => unnamed(policy, POLICY));
  return rules;
}

/** Undefined where it says nothing. */
export function behaviorFromV1(value: unknown): HorizontalPodAutoscalerBehavior | undefined {
  const { scaleUp, scaleDown } = unnamed(value, BEHAVIOR);
  const [up, down] = [rulesFromV1(scaleUp), rulesFromV1(scaleDown)];
  if (!up && !down) return undefined;
  return { ...(up && { scaleUp: up }), ...(down && { scaleDown: down }) };
}
