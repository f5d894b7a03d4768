import type { Translate } from '../messages/index.js';
import type { NodeMark } from './node-marks.js';

/** What a node said, in a sentence. */
export function markText({ name: node, verdict, total, plugin = '', reasons = [] }: NodeMark, t: Translate): string {
  switch (verdict) {
    case 'chosen':
      return total === undefined
        ? t('decisions.said.chosenAlone', { node })
        : t('decisions.said.chosen', { node, score: total });
    case 'takes':
      return total === undefined
        ? t('decisions.said.takes', { node })
        : t('decisions.said.score', { node, score: total });
    case 'refused':
      return t('decisions.said.refused', { node, plugin, reason: reasons.join(', ') });
    case 'unseen':
      return t('decisions.said.unseen', { node });
  }
}
