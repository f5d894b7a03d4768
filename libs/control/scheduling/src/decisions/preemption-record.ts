import { LONGEST, MOST_TOLD, type PreemptionRecord, type Victim } from '@binnacle/apis-kubernetes/decisions/record';
import { toldText } from './told.js';

export interface PreemptionFound {
  /** Where room is made. */
  readonly node?: string;
  readonly victims?: readonly Victim[];
  readonly message?: string;
}

/** What preempting others brings, as it is told. */
export function preemptionRecord({ node, victims = [], message }: PreemptionFound): PreemptionRecord {
  const told = victims
    .slice(0, MOST_TOLD.victims)
    .map(({ namespace, name, priority }) => ({ namespace, name, ...(priority !== undefined && { priority }) }));
  const more = victims.length - told.length;
  return {
    ...(node !== undefined && { node }),
    victims: told,
    ...(more > 0 && { moreVictims: more }),
    ...(message && { message: toldText(message, LONGEST.message) }),
  };
}
