import type { Side } from './worker.js';

/** Each side as often as there are rounds; whoever went first goes last the next time. */
export async function inTurns<T>(
  sides: readonly Side[],
  rounds: number,
  play: (side: Side, round: number) => Promise<T>,
): Promise<Record<Side['name'], T[]>> {
  const turns: Record<Side['name'], T[]> = { ours: [], theirs: [], plain: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 ? [...sides].reverse() : sides) turns[side.name].push(await play(side, round));
  }
  return turns;
}
