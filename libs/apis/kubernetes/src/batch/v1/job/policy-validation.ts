import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  invalidWithoutValue,
  isQualifiedName,
  required,
  tooLong,
  tooMany,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { quote } from '@binnacle/machinery-meta';
import { each, optional, validateSupported } from '@binnacle/apis-registry';
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
  SuccessPolicyRule,
} from '../index.js';
import { countIndexes } from './indexes.js';

const MOST_RULES = 20;
const MOST_PATTERNS = 20;
const MOST_EXIT_CODES = 255;
const MOST_INDEX_BYTES = 64 * 1024;

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const REPLACEMENTS = ['Failed', 'TerminatingOrFailed'];

/** One of those values; a value that is missing is told which there are. */
function known(value: string | undefined, path: FieldPath, values: readonly string[]): FieldError[] {
  if (!value) return [required(path, `valid values: [${values.map(quote).join(' ')}]`)];
  return validateSupported(value, path, values);
}

const most = (items: readonly unknown[], path: FieldPath, count: number): FieldError[] =>
  items.length > count ? [tooMany(path, items.length, count)] : [];

function validateCodes(operator: string, values: readonly number[], path: FieldPath): FieldError[] {
  const seen = new Set<number>();
  const errors = each(values, path, (code, at) => {
    const found = operator === 'In' && code === 0 ? [invalid(at, code, 'must not be 0 for the In operator')] : [];
    if (seen.has(code)) found.push(duplicate(at, code));
    seen.add(code);
    return found;
  });
  const ordered = values.every((code, index) => index === 0 || (values[index - 1] as number) <= code);
  return ordered ? errors : [...errors, invalid(path, values, 'must be ordered')];
}

function validateExitCodes(
  { operator, values = [], containerName }: PodFailurePolicyOnExitCodesRequirement,
  path: FieldPath,
  names: ReadonlySet<string>,
): FieldError[] {
  const why = 'must be one of the container or initContainer names in the pod template';
  const at = path.child('values');
  return [
    ...known(operator, path.child('operator'), OPERATORS),
    ...optional(containerName, path.child('containerName'), (name, nameAt) =>
      names.has(name) ? [] : [invalid(nameAt, name, why)],
    ),
    ...(values.length === 0 ? [invalid(at, values, 'at least one value is required')] : []),
    ...most(values, at, MOST_EXIT_CODES),
    ...validateCodes(operator, values, at),
  ];
}

function validatePatterns(patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: FieldPath): FieldError[] {
  return [
    ...most(patterns, path, MOST_PATTERNS),
    ...each(patterns, path, ({ type, status }, at) => [
      ...invalidEach(at.child('type'), type ?? '', isQualifiedName(type ?? '')),
      ...known(status, at.child('status'), STATUSES),
    ]),
  ];
}

function validateAction(action: string, { backoffLimitPerIndex }: JobSpec, path: FieldPath): FieldError[] {
  if (action !== 'FailIndex') return known(action, path, ACTIONS);
  return backoffLimitPerIndex === undefined
    ? [invalid(path, action, 'requires the backoffLimitPerIndex to be set')]
    : [];
}

function validateOneCause({ onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, path: FieldPath): FieldError[] {
  const [codes, conditions] = [onExitCodes !== undefined, onPodConditions.length > 0];
  if (codes !== conditions) return [];
  const why = codes
    ? 'specifying both OnExitCodes and OnPodConditions is not supported'
    : 'specifying one of OnExitCodes and OnPodConditions is required';
  return [invalidWithoutValue(path, why)];
}

/** What a Pod's failure means. Behaves as kubernetes validatePodFailurePolicy. */
export function validateFailurePolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  const { rules = [] } = spec.podFailurePolicy ?? {};
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  const at = path.child('rules');
  return [
    ...most(rules, at, MOST_RULES),
    ...each(rules, at, (rule, ruleAt) => [
      ...validateAction(rule.action, spec, ruleAt.child('action')),
      ...optional(rule.onExitCodes, ruleAt.child('onExitCodes'), (codes, codesAt) =>
        validateExitCodes(codes, codesAt, names),
      ),
      ...validatePatterns(rule.onPodConditions ?? [], ruleAt.child('onPodConditions')),
      ...validateOneCause(rule, ruleAt),
    ]),
  ];
}

/** A Pod must have ended before its failure can be judged. */
export function validateReplacementPolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  const values = spec.podFailurePolicy ? ['Failed'] : REPLACEMENTS;
  return optional(spec.podReplacementPolicy, path, (policy, at) => validateSupported(policy, at, values));
}

function countedIndexes(text: string, completions: number, path: FieldPath): { total: number; errors: FieldError[] } {
  const errors = text.length > MOST_INDEX_BYTES ? [tooLong(path, MOST_INDEX_BYTES)] : [];
  try {
    return { total: countIndexes(text, completions), errors };
  } catch (error) {
    const why = `error parsing succeededIndexes: ${(error as Error).message}`;
    return { total: 0, errors: [...errors, invalid(path, text, why)] };
  }
}

function validateSuccessRule(rule: SuccessPolicyRule, completions: number, path: FieldPath): FieldError[] {
  const { succeededCount, succeededIndexes } = rule;
  const why = 'at least one of succeededCount or succeededIndexes must be specified';
  if (succeededCount === undefined && succeededIndexes === undefined) return [required(path, why)];
  const { total, errors } = countedIndexes(succeededIndexes ?? '', completions, path.child('succeededIndexes'));
  const atMost = (count: number, what: string) => `must be less than or equal to ${count} (the number of ${what})`;
  return [
    ...errors,
    ...optional(succeededCount, path.child('succeededCount'), (count, at) => [
      ...validateNonNegative(count, at),
      ...(count > completions ? [invalid(at, count, atMost(completions, 'specified completions'))] : []),
      ...(succeededIndexes !== undefined && count > total
        ? [invalid(at, count, atMost(total, 'indexes in the specified succeededIndexes field'))]
        : []),
    ]),
  ];
}

/** When some of the indexes are enough. Behaves as kubernetes validateSuccessPolicy. */
export function validateSuccessPolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  if (!spec.successPolicy) return [];
  if (spec.completionMode !== 'Indexed') {
    // As upstream prints its own structure, which has no JSON names.
    const rules = (spec.successPolicy.rules ?? []).map(({ succeededIndexes = null, succeededCount = null }) => ({
      SucceededIndexes: succeededIndexes,
      SucceededCount: succeededCount,
    }));
    return [invalid(path, { Rules: rules }, 'requires indexed completion mode')];
  }
  const { rules = [] } = spec.successPolicy;
  const at = path.child('rules');
  const why = 'at least one rules must be specified when the successPolicy is specified';
  return [
    ...(rules.length === 0 ? [required(at, why)] : []),
    ...most(rules, at, MOST_RULES),
    ...each(rules, at, (rule, ruleAt) => validateSuccessRule(rule, spec.completions ?? 0, ruleAt)),
  ];
}
