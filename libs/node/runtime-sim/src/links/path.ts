import { type Link, PERFECT_LINK } from '@binnacle/apis-kubernetes/links';

/** The way between two: all links on it together. */
export interface Path extends Omit<Link, 'rate'> {
  /** Bits a second towards who listens, and back. */
  readonly inRate: number;
  readonly outRate: number;
}

const isPerfect = ({ delay, loss, rate }: Link): boolean => delay === 0 && loss === 0 && rate === PERFECT_LINK.rate;

/** Links one behind the other: delays add up, a packet must get through each, and the slowest bounds the rate. */
export function joinLinks(
  links: readonly Link[],
  rates: { readonly in: number; readonly out: number },
): Path | undefined {
  if (links.every(isPerfect) && !Number.isFinite(rates.in) && !Number.isFinite(rates.out)) return undefined;
  const sum = (of: (link: Link) => number) => links.reduce((all, link) => all + of(link), 0);
  const rate = Math.min(...links.map((link) => link.rate), PERFECT_LINK.rate);
  return {
    delay: sum((link) => link.delay),
    jitter: sum((link) => link.jitter),
    loss: 1 - links.reduce((through, link) => through * (1 - link.loss), 1),
    seed: links.map((link) => link.seed).join('/'),
    inRate: Math.min(rate, rates.in),
    outRate: Math.min(rate, rates.out),
  };
}
