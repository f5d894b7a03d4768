import type { LabelSelector } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';

export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

/** No selector matches nothing; an empty one matches everything; one that cannot be read matches nothing. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  try {
    const matcher = matcherFromLabelSelector(selector);
    return (labels) => matcher.matches(labels);
  } catch {
    return () => false;
  }
}
