import type { Clock } from '@binnacle/machinery-context';
import type { Inhabitant } from './inhabitant.js';
import type { Lane } from './link.js';

/** The links between two, one way and back. */
export interface Path {
  readonly out: readonly Lane[];
  readonly in: readonly Lane[];
  readonly clock: Clock;
}

/** Undefined where there is nothing to wait for. A link to whoever a Service leads to is not known where it is dialled. */
export function pathBetween(self: Inhabitant, peer: Inhabitant | undefined): Path | undefined {
  // Within a Pod nothing leaves it.
  if (peer?.uid === self.uid) return undefined;
  const [own, other] = [self.link, peer?.link];
  const clock = (own ?? other)?.clock;
  return (
    clock && {
      clock,
      out: [own?.out, other?.in].filter((lane) => lane !== undefined),
      in: [other?.out, own?.in].filter((lane) => lane !== undefined),
    }
  );
}

/** Milliseconds until it arrives; undefined where it is lost on its way. */
export function send(lanes: readonly Lane[], bytes: number): number | undefined {
  return lanes.reduce<number | undefined>((sum, lane) => {
    const took = sum === undefined || lane.isFull ? undefined : lane.send(bytes);
    return sum === undefined || took === undefined ? undefined : sum + took;
  }, 0);
}

/** Milliseconds until it arrives, sent again where it is lost. */
export function deliver(lanes: readonly Lane[], bytes: number, kind: 'handshake' | 'data'): number {
  return lanes.reduce((sum, lane) => sum + lane.deliver(bytes, kind), 0);
}
