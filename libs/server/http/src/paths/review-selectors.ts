import type { ResourceAttributes } from '@binnacle/apis-kubernetes/authorization/v1';
import type { FieldSelectorRequirement, LabelSelectorRequirement } from '@binnacle/machinery-meta';
import { formatLabelSelector, parseFieldSelector, parseLabelSelector } from '@binnacle/machinery-selectors';

/** The selectors of a list that is asked about, as lists are asked with, and what could not be read of them. */
export interface ReviewedSelectors {
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  readonly errors: readonly string[];
}

interface Read {
  readonly text: string;
  readonly isWhole: boolean;
}

const UNREAD: Read = { text: '', isWhole: false };

function whole(text: string, parse: (text: string) => unknown): Read {
  try {
    parse(text);
    return { text, isWhole: true };
  } catch {
    return UNREAD;
  }
}

/** Requirements hold all together: without those that are not understood more is asked for, never less. */
function each<T>(requirements: readonly T[], textOf: (requirement: T) => string | undefined): Read {
  const texts = requirements.map(textOf);
  const read = texts.filter((text) => text !== undefined);
  return { text: read.join(','), isWhole: read.length === texts.length };
}

const escaped = (value: string): string => value.replace(/[\\,=]/g, '\\$&');

const FIELD_OPERATORS: Readonly<Record<string, string>> = { In: '=', NotIn: '!=' };

/** Upstream knows one value of a field, which is equal or is not. */
function fieldText({ key, operator, values = [] }: FieldSelectorRequirement): string | undefined {
  const sign = FIELD_OPERATORS[operator];
  const [value] = values;
  return sign && values.length === 1 ? `${key}${sign}${escaped(value ?? '')}` : undefined;
}

const LABEL_OPERATORS: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

function labelText(requirement: LabelSelectorRequirement): string | undefined {
  if (!LABEL_OPERATORS.has(requirement.operator)) return undefined;
  try {
    return formatLabelSelector({ matchExpressions: [requirement] });
  } catch {
    return undefined;
  }
}

function errorOf(name: string, { text, isWhole }: Read): string[] {
  if (isWhole) return [];
  return [`spec.resourceAttributes.${name} ${text ? 'partially ignored' : 'ignored'} due to parse error`];
}

/** Behaves as kubernetes pkg/registry/authorization/util ResourceAttributesFrom. */
export function reviewedSelectors({ fieldSelector, labelSelector }: ResourceAttributes): ReviewedSelectors {
  const field = fieldSelector?.rawSelector
    ? whole(fieldSelector.rawSelector, parseFieldSelector)
    : each(fieldSelector?.requirements ?? [], fieldText);
  const label = labelSelector?.rawSelector
    ? whole(labelSelector.rawSelector, parseLabelSelector)
    : each(labelSelector?.requirements ?? [], labelText);
  return {
    ...(field.text && { fieldSelector: field.text }),
    ...(label.text && { labelSelector: label.text }),
    errors: [...errorOf('fieldSelector', field), ...errorOf('labelSelector', label)],
  };
}
