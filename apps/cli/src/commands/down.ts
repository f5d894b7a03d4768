import { rmSync } from 'node:fs';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { layout } from '../data-dir/layout.js';
import { runningPid, stoppablePid } from '../data-dir/pid-file.js';

const POLL_MILLISECONDS = 100;
const DEADLINE_MILLISECONDS = 60_000;

/** Asks the running `up` to stop, or the kubelet of one that was killed, and waits until it has. */
export async function down(ctx: Context, root: string): Promise<void> {
  const dir = layout(root);
  const pid = stoppablePid(dir);
  const abandoned = runningPid(dir) === undefined;
  if (pid === undefined) {
    process.stdout.write(`Binnacle does not run on ${root}.\n`);
    return;
  }
  process.kill(pid, 'SIGTERM');
  const deadline = ctx.clock.now() + DEADLINE_MILLISECONDS;
  while (stoppablePid(dir) === pid) {
    if (ctx.clock.now() > deadline)
      throw new ConfigError(
        `pid ${pid} is still stopping after ${DEADLINE_MILLISECONDS / 1000} s; look at ${dir.logs}`,
      );
    await sleep(ctx, POLL_MILLISECONDS);
  }
  if (abandoned) rmSync(dir.pidFile, { force: true });
  process.stdout.write('Stopped.\n');
}
