// A long run of odd requests against an API server of its own: no 5xx, no hang, no answer without a Status.
// `npm run bench -- fuzz --seconds 600 --seed 7`; `--requests N` in place of seconds; exits 1 with what was complained of.
import { performance } from 'node:perf_hooks';
import { startTestApiServer } from '@binnacle/testing-cluster';
import { driveFuzzer, RestFuzzer, sendOverHttps } from '@binnacle/testing-fuzz';

const MEGABYTE = 1024 * 1024;
const resident = () => Math.round(process.memoryUsage().rss / MEGABYTE);

/** Goes on for so many seconds, or so many requests. */
function until({ seconds = 120, requests }) {
  const end = performance.now() + Number(seconds) * 1000;
  return (sent) => (requests ? sent < Number(requests) : performance.now() < end);
}

function report(who, { requests, statuses, complaints }) {
  console.log(`\n${who}: ${requests} requests`);
  console.table(statuses);
  for (const { request, why } of complaints) console.log(`✗ ${why}\n    ${request}`);
}

async function fuzzAs(server, config, seed, options) {
  const document = (await server.raw.call('/openapi/v2')).json;
  const send = sendOverHttps(config);
  const run = await driveFuzzer(new RestFuzzer(document, seed), send, { parallel: 16, goOn: until(options) });
  send.close();
  return run;
}

export async function run(options) {
  const seed = Number(options.seed ?? Date.now() % 2 ** 31);
  const server = await startTestApiServer({ storage: 'memory' });
  const before = resident();
  console.log(`seed ${seed}`);
  const half = { ...options, seconds: Number(options.seconds ?? 120) / 2 };
  const administrator = await fuzzAs(server, server.admin, seed, half);
  report('administrator', administrator);
  const nobody = await fuzzAs(server, await server.configFor('nobody'), seed + 1, half);
  report('somebody without rights', nobody);
  const memory = { beforeMegabytes: before, afterMegabytes: resident() };
  console.log(`\nresident: ${memory.beforeMegabytes} MB before, ${memory.afterMegabytes} MB after`);
  await server.close();
  const complaints = administrator.complaints.length + nobody.complaints.length;
  return { seed, administrator, nobody, memory, failed: complaints > 0 };
}
