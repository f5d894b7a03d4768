import { valueFits } from '../table/conditions.js';
import type { Canary, Forward, Target } from '../table/route.js';
import type { Arrival } from './arrival.js';
import { cookieValue } from './cookies.js';

/** A number from 0 up to but not with 1. */
export type Dice = () => number;

type Vote = 'yes' | 'no' | 'nothing';

function byHeader({ header }: Canary, arrival: Arrival): Vote {
  const value = header && arrival.header(header.name);
  if (!header || value === undefined) return 'nothing';
  if (header.value) return valueFits(header.value, value) ? 'yes' : 'nothing';
  return value === 'always' ? 'yes' : value === 'never' ? 'no' : 'nothing';
}

function byCookie({ cookie }: Canary, arrival: Arrival): Vote {
  const value = cookie && cookieValue(arrival.header('cookie'), cookie);
  return value === 'always' ? 'yes' : value === 'never' ? 'no' : 'nothing';
}

/** A header before a cookie, a cookie before the dice. Behaves as ingress-nginx rootfs/etc/nginx/lua/balancer.lua. */
function isChosen(canary: Canary, arrival: Arrival, dice: Dice): boolean {
  for (const vote of [byHeader(canary, arrival), byCookie(canary, arrival)])
    if (vote !== 'nothing') return vote === 'yes';
  return dice() * canary.of < canary.weight;
}

function byWeight(targets: readonly Target[], dice: Dice): Target | undefined {
  if (targets.length === 1) return targets[0]?.weight === 0 ? undefined : targets[0];
  let left = dice() * targets.reduce((sum, { weight }) => sum + weight, 0);
  for (const target of targets) {
    left -= target.weight;
    if (left < 0) return target;
  }
  return undefined;
}

/** Which backend is asked; undefined where none has any weight. */
export function chooseTarget(forward: Forward, arrival: Arrival, dice: Dice): Target | undefined {
  const canary = forward.canaries.find((one) => isChosen(one, arrival, dice));
  return canary?.target ?? byWeight(forward.targets, dice);
}
