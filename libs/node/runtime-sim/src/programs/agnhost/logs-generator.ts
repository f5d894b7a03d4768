import { sleep } from '@binnacle/machinery-context';
import { chance } from '../../random.js';
import type { Process } from '../program.js';
import { goDuration } from './flags.js';
import { endsAtOnce, type Subcommand } from './process.js';

const METHODS = ['GET', 'POST', 'PUT'];
const NAMESPACES = ['kube-system', 'default', 'ns'];

const one = (list: readonly string[], ...seed: readonly (string | number)[]): string =>
  list[Math.floor(chance(...seed) * list.length)] ?? '';

/** A line as of an API server, such as `3 GET /api/v1/namespaces/ns/pods/x5k 503`, behind what klog puts before it. */
function line(process: Process, index: number): string {
  const { ctx, id } = process;
  const time = new Date(ctx.clock.now()).toISOString();
  const name = chance(id, index, 'name').toString(36).slice(2, 6);
  const status = 200 + Math.floor(chance(id, index, 'status') * 400);
  const url = `/api/v1/namespaces/${one(NAMESPACES, id, index, 'namespace')}/pods/${name}`;
  const stamp = `I${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000`;
  return `${stamp}       1 logs_generator.go:76] ${index} ${one(METHODS, id, index, 'method')} ${url} ${status}\n`;
}

async function generate(process: Process, lines: number, milliseconds: number): Promise<void> {
  for (let index = 0; index < lines; index += 1) {
    process.log('stderr', line(process, index));
    await sleep(process.ctx, milliseconds / lines);
  }
  process.exit(0);
}

/** So many lines in so long a time. */
export const logsGenerator: Subcommand = async (process, flags) => {
  const lines = flags.number('log-lines-total', 0);
  const duration = goDuration(flags.text('run-duration', '0'));
  if (lines <= 0) throw new Error(`Invalid total number of lines: ${lines}`);
  if (!duration) throw new Error(`Invalid duration: ${flags.text('run-duration', '0s')}`);
  generate(process, lines, duration).catch(() => undefined);
  return endsAtOnce(process);
};
