import type { LabelSelector } from '@binnacle/machinery-meta';
import { type LabelMatcher, matcherFromLabelSelector } from '@binnacle/machinery-selectors';

/** Undefined of a malformed selector: what is wrong with it is told where it stands. */
export function matcherIfReadable(selector: LabelSelector | undefined): LabelMatcher | undefined {
  try {
    return matcherFromLabelSelector(selector);
  } catch {
    return undefined;
  }
}
