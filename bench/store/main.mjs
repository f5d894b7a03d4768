// npm run bench -- store [--only writes,reads,fan-out,http,clusters,pods] [--seconds 5] [--rounds 3] [--sustained 60] [--pods 150000] [--operations create,get]
// npm run bench -- store --only turns --against <another built checkout> [--rounds 10] [--seconds 2]
import { clusters } from './clusters.mjs';
import { fanOut } from './fan-out.mjs';
import { httpPath } from './http.mjs';
import { httpInTurns } from './http-turns.mjs';
import { pods } from './pods.mjs';
import { reads } from './reads.mjs';
import { writes } from './writes.mjs';

const PARTS = {
  writes: (options) =>
    writes({
      seconds: Number(options.seconds ?? 5),
      rounds: Number(options.rounds ?? 3),
      sustained: Number(options.sustained ?? 60),
    }),
  reads: () => reads(),
  'fan-out': (options) => fanOut({ seconds: Number(options.seconds ?? 5) }),
  http: (options) =>
    httpPath({
      seconds: Number(options.seconds ?? 5),
      ...(options.operations && { operations: options.operations.split(',') }),
    }),
  turns: (options) =>
    httpInTurns({
      against: options.against,
      rounds: Number(options.rounds ?? 10),
      seconds: Number(options.seconds ?? 2),
    }),
  clusters: () => clusters(),
  pods: (options) => pods({ count: Number(options.pods ?? 150_000) }),
};

export async function run(options) {
  const chosen = options.only?.split(',') ?? Object.keys(PARTS).filter((part) => part !== 'turns');
  const results = {};
  for (const part of chosen) results[part] = await PARTS[part](options);
  // Part of a run says nothing that should replace a whole one.
  return { record: !options.only, ...results };
}
