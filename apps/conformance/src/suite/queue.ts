import { type Case, type Outcome, piecesOf } from './cases.js';

/** Every start of the suite's program looks at the whole cluster first. */
const PIECE = 4;

type RunPiece = (names: readonly string[]) => Promise<Outcome[]>;

/** Runs cases in pieces, some beside each other; those that want the cluster for themselves one by one at the end. */
export async function runAll(
  cases: readonly Case[],
  workers: number,
  run: RunPiece,
  told: (outcomes: readonly Outcome[]) => void,
): Promise<void> {
  const names = (serial: boolean) => cases.filter((each) => each.serial === serial).map(({ name }) => name);
  const pieces = piecesOf(names(false), PIECE);
  const work = async () => {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) told(await run(piece));
  };
  await Promise.all(Array.from({ length: workers }, work));
  for (const piece of piecesOf(names(true), PIECE)) told(await run(piece));
}
