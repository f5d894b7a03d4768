import { createHash } from 'node:crypto';

/** Flows whose hand is remembered; who comes under ever new names is dealt anew. */
const REMEMBERED = 2_000;

/** Eight bytes that tell one flow from another, the same in every server. */
function hashOf(flow: string): bigint {
  return createHash('sha256').update(flow).digest().readBigUInt64LE(0);
}

function deal(hash: bigint, deck: number, size: number): number[] {
  const hand: number[] = [];
  let rest = hash;
  for (let dealt = 0; dealt < size; dealt += 1) {
    const left = BigInt(deck - dealt);
    hand.push(Number(rest % left));
    rest /= left;
  }
  // Each remainder counts among the cards that are left; what was dealt before it moves it up.
  return hand.map((card, at) => {
    let moved = card;
    for (let before = at; before > 0; before -= 1) if (moved >= (hand[before - 1] ?? 0)) moved += 1;
    return moved;
  });
}

/**
 * Deals every flow a few of many queues, so that a flow that fills its own leaves nearly every other flow a queue that is
 * free. Behaves as apiserver pkg/util/shufflesharding Dealer.
 */
export class Dealer {
  private readonly hands = new Map<string, readonly number[]>();

  constructor(
    readonly deck: number,
    readonly handSize: number,
  ) {}

  handOf(flow: string): readonly number[] {
    const known = this.hands.get(flow);
    if (known) return known;
    if (this.hands.size >= REMEMBERED) this.hands.clear();
    const hand = deal(hashOf(flow), this.deck, this.handSize);
    this.hands.set(flow, hand);
    return hand;
  }
}
