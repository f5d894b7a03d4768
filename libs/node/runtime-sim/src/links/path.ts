import { type Link, PERFECT_LINK } from '@binnacle/apis-kubernetes/links';
import type { Meter } from './meter.js';

/** The way between two: all links on it together. */
export interface Path extends Omit<Link, 'rate'> {
  /** Passed one after the other towards who listens, and back; those of a link are the same for all that goes over it. */
  readonly in: readonly Meter[];
  readonly out: readonly Meter[];
}

/** Links one behind the other: delays add up, and a packet must get through each. Undefined where nothing is to be noticed of them. */
export function joinLinks(links: readonly Link[], meters: Pick<Path, 'in' | 'out'>): Path | undefined {
  const sum = (of: (link: Link) => number) => links.reduce((all, link) => all + of(link), 0);
  const [delay, loss] = [sum((link) => link.delay), 1 - links.reduce((through, link) => through * (1 - link.loss), 1)];
  if (delay === 0 && loss === 0 && meters.in.length + meters.out.length === 0) return undefined;
  const seed = links.map((link) => link.seed).join('/');
  return { delay, jitter: sum((link) => link.jitter), loss, seed, ...meters };
}

/** Whether a link has a rate of its own. */
export const isBounded = ({ rate }: Pick<Link, 'rate'>): boolean => rate !== PERFECT_LINK.rate;
