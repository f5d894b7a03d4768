// Which part of the API server the CPU of its requests goes to, from V8's sampling profiler.
import { Session } from 'node:inspector/promises';
import { round } from './setup.mjs';

const SAMPLE_MICROS = 250;

/**
 * The first pattern that the source of a frame, or else of the nearest frame that called it, matches is its part.
 * Built-ins such as JSON.parse have no source and count for their caller.
 */
const PARTS = [
  ['TLS, HTTP/2 and streams', /^node:|node:internal/],
  ['Fastify, Nest and their hooks', /node_modules\/(fastify|@fastify|@nestjs|find-my-way|avvio|light-my-request|rxjs)/],
  ['answering, negotiation, metrics', /libs\/server\/http|libs\/process/],
  ['who is it and may they', /libs\/server\/auth/],
  ['admission', /libs\/server\/admission/],
  ['decoding and encoding', /libs\/machinery\/(wire|meta|protobuf)/],
  ['validation and defaults', /libs\/machinery\/(validation|quantity)|libs\/apis/],
  ['patches and selectors', /libs\/machinery\/(patch|apply|selectors)/],
  ['registry', /libs\/server\/registry/],
  ['store: commits', /libs\/server\/storage-postgres|libs\/server\/storage\/|node_modules\/pg/],
  ['store: watch cache', /libs\/server\/watch-cache/],
];
const BY_NAME = new Map([
  ['(garbage collector)', 'garbage collection'],
  ['(program)', "V8 and libuv's own"],
]);
const OTHER = 'other';

export async function startProfile() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
  await session.post('Profiler.start');
  /** Share of the CPU by part, in percent, the largest first. */
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return sharesOf(profile);
  };
}

function sharesOf(profile) {
  const spent = new Map();
  visit(profile, (node, part) => spent.set(part, (spent.get(part) ?? 0) + node.hitCount));
  const total = [...spent.values()].reduce((sum, hits) => sum + hits, 0);
  const shares = [...spent].filter(([, hits]) => hits > 0).sort(([, a], [, b]) => b - a);
  return Object.fromEntries(shares.map(([part, hits]) => [part, round((100 * hits) / total, 1)]));
}

/** Calls `add` with every busy node and its part. */
function visit({ nodes }, add) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waiting = [[nodes[0], OTHER]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, inherited] = next;
    const part = partOf(node.callFrame) ?? inherited;
    if (node.callFrame.functionName !== '(idle)') add(node, part);
    for (const child of node.children ?? []) waiting.push([byId.get(child), part]);
  }
}

function partOf({ functionName, url }) {
  return BY_NAME.get(functionName) ?? PARTS.find(([, pattern]) => url && pattern.test(url))?.[0];
}
