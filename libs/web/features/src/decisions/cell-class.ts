import { cx } from '@binnacle/web-ui';
import type { NodeMark } from './node-marks.js';

const STEP_GROUNDS = ['bg-accent/15', 'bg-accent/35', 'bg-accent/55', 'bg-accent/78', 'bg-accent'];

/** Each verdict has a shape of its own besides its colour. */
export function cellClass({ verdict, step }: Pick<NodeMark, 'verdict' | 'step'>): string {
  const ground = STEP_GROUNDS[step ?? STEP_GROUNDS.length - 1];
  switch (verdict) {
    case 'chosen':
      return cx(ground, 'rounded-full outline-2 outline-offset-1 outline-brass');
    case 'takes':
      return cx(ground, 'rounded-[2px]');
    case 'refused':
      return 'rounded-[2px] bg-error-soft shadow-[inset_0_0_0_1px_var(--error)]';
    case 'unseen':
      return 'scale-40 rounded-full bg-line-strong';
  }
}
