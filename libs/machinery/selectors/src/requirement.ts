import { type LabelSelectorRequirement, own } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, invalid, isLabelValue, isQualifiedName } from '@binnacle/machinery-validation';

export type SelectorOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';
export type Labels = Readonly<Record<string, string>>;

/** One condition on the labels of an object. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

const INTEGER = /^[+-]?\d{1,19}$/;
const INT64_LIMIT = 2n ** 63n;

function parseInt64(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value < INT64_LIMIT && value >= -INT64_LIMIT ? value : undefined;
}

function greater(left: string | undefined, right: string | undefined): boolean {
  const [a, b] = [parseInt64(left ?? ''), parseInt64(right ?? '')];
  return a !== undefined && b !== undefined && a > b;
}

const MANY = 8;
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Long lists are held against many objects: each of them is then found at one look. */
function isAmong(values: readonly string[], value: string): boolean {
  if (values.length <= MANY) return values.includes(value);
  const set = sets.get(values) ?? new Set(values);
  sets.set(values, set);
  return set.has(value);
}

export function requirementMatches(requirement: Requirement, labels: Labels | undefined): boolean {
  const { key, operator, values } = requirement;
  const value = own(labels, key);
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && isAmong(values, value);
    case '!=':
    case 'notin':
      return value === undefined || !isAmong(values, value);
    case 'exists':
    case '!':
      return (value !== undefined) === (operator === 'exists');
    default:
      return operator === '>' ? greater(value, values[0]) : greater(values[0], value);
  }
}

/** The complaint about the number of values, as upstream words it. */
function countComplaint({ operator, values }: Requirement): string {
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length === 0 ? "for 'in', 'notin' operators, values set can't be empty" : '';
    case 'exists':
    case '!':
      return values.length > 0 ? 'values set must be empty for exists and does not exist' : '';
    case '>':
    case '<':
      return values.length === 1 ? '' : "for 'Gt', 'Lt' operators, exactly one value is required";
    default:
      return values.length === 1 ? '' : 'exact-match compatibility requires one single value';
  }
}

function valueErrors({ key, operator, values }: Requirement): FieldError[] {
  const compares = operator === '>' || operator === '<';
  return values.flatMap((value, index) => {
    const path = fieldPath('values').index(index);
    const errors: FieldError[] = [];
    if (compares && parseInt64(value) === undefined) {
      errors.push(invalid(path, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    }
    const complaints = isLabelValue(value);
    return complaints.length > 0 ? [...errors, invalid(path.key(key), value, complaints.join('; '))] : errors;
  });
}

/** Behaves as kubernetes apimachinery pkg/labels NewRequirement. */
export function requirementErrors(requirement: Requirement): FieldError[] {
  const keyComplaints = isQualifiedName(requirement.key);
  const key = keyComplaints.length > 0 ? [invalid('key', requirement.key, keyComplaints.join('; '))] : [];
  const count = countComplaint(requirement);
  return [...key, ...(count ? [invalid('values', requirement.values, count)] : []), ...valueErrors(requirement)];
}

export function formatRequirement({ key, operator, values }: Requirement): string {
  const sorted = [...values].sort().join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${sorted})`;
    default:
      return `${key}${operator}${sorted}`;
  }
}

const OBJECT_OPERATORS = new Map<string, SelectorOperator>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

/** Undefined where the operator is none of a LabelSelector. */
export function requirementFromObject({
  key,
  operator,
  values = [],
}: LabelSelectorRequirement): Requirement | undefined {
  const known = OBJECT_OPERATORS.get(operator);
  return known && { key, operator: known, values };
}

const OBJECT_NAMES: Readonly<Partial<Record<SelectorOperator, string>>> = {
  in: 'In',
  '=': 'In',
  '==': 'In',
  notin: 'NotIn',
  '!=': 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
};

/** Undefined for the comparisons, which a LabelSelector cannot say. */
export function requirementToObject({ key, operator, values }: Requirement): LabelSelectorRequirement | undefined {
  const name = OBJECT_NAMES[operator];
  if (name === undefined) return undefined;
  return { key, operator: name, ...(values.length > 0 && { values: [...values] }) };
}
