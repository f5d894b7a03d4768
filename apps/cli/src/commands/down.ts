import { rmSync } from 'node:fs';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { requireOwnDataDir } from '../data-dir/inspect.js';
import { type DataDir, layout } from '../data-dir/layout.js';
import { leftBehind, runningPid, stoppablePid } from '../data-dir/pid-file.js';
import { stopLeftovers } from '../up/kubelet-process.js';

const POLL_MILLISECONDS = 100;
const DEADLINE_MILLISECONDS = 60_000;

async function end(ctx: Context, dir: DataDir, pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = ctx.clock.now() + DEADLINE_MILLISECONDS;
  while (stoppablePid(dir) === pid) {
    if (ctx.clock.now() > deadline)
      throw new ConfigError(
        `pid ${pid} is still stopping after ${DEADLINE_MILLISECONDS / 1000} s; look at ${dir.logs}`,
      );
    await sleep(ctx, POLL_MILLISECONDS);
  }
}

/** Asks the running `up` to stop and waits until it has. What is left of one that was killed is stopped here. */
export async function down(ctx: Context, root: string): Promise<void> {
  const dir = requireOwnDataDir(layout(root));
  const pid = stoppablePid(dir);
  const abandoned = runningPid(dir) === undefined && leftBehind(dir) !== 'nothing';
  if (pid === undefined && !abandoned) {
    process.stdout.write(`Binnacle does not run on ${root}.\n`);
    return;
  }
  if (pid !== undefined) await end(ctx, dir, pid);
  if (abandoned) {
    await stopLeftovers({ dir });
    for (const file of [dir.pidFile, dir.kubeletPidFile]) rmSync(file, { force: true });
  }
  process.stdout.write('Stopped.\n');
}
