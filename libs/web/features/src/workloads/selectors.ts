import type { LabelSelector } from '@binnacle/machinery-meta';
import type { UnstructuredObject } from '@binnacle/web-data';

function requirementText({ key, operator, values = [] }: { key: string; operator: string; values?: string[] }): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
}

const pairs = (labels: Record<string, string>): string[] =>
  Object.entries(labels).map(([key, value]) => `${key}=${value}`);

/** A selector as a query takes it. Empty where it selects nothing. */
export function selectorText(selector: LabelSelector | undefined): string {
  const requirements = (selector?.matchExpressions ?? []).map(requirementText);
  return [...pairs(selector?.matchLabels ?? {}), ...requirements].join(',');
}

export function mapSelectorText(selector: Record<string, string> | undefined): string {
  return pairs(selector ?? {}).join(',');
}

/** The selector of any workload: a LabelSelector, or plain labels as a ReplicationController has. */
export function workloadSelector(object: UnstructuredObject): string {
  const { selector } = (object.spec ?? {}) as { selector?: LabelSelector & Record<string, unknown> };
  if (!selector) return '';
  if (selector.matchLabels || selector.matchExpressions) return selectorText(selector);
  return mapSelectorText(selector as unknown as Record<string, string>);
}
