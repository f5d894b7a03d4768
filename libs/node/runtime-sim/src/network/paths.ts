import type { Path } from '../links/path.js';
import type { Inhabitant } from './inhabitant.js';
import type { Caller } from './traffic.js';

/** Knows by which way who dials reaches a Pod; undefined where nothing is to be noticed of it. */
export interface Paths {
  between(from: Caller, to: Inhabitant): Path | undefined;
}

/** A network on which everything is at once everywhere. */
export const noPaths: Paths = { between: () => undefined };
