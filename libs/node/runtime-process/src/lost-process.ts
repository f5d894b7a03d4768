import type { Context } from '@binnacle/machinery-context';
import { HostProcess } from './host-process.js';
import { ID_VARIABLE } from './process-container.js';
import { findByEnvironment } from './process-identity.js';

const STOP_MILLISECONDS = 10_000;

/** Ends the process of a container whose record is damaged: nobody would know it, and it stands in its successor's way. */
export function endLostProcess(ctx: Context, containerId: string): void {
  const identity = findByEnvironment(`${ID_VARIABLE}=${containerId}`);
  ctx.logger.warn('the record of a container is damaged; it is started anew', { id: containerId, pid: identity?.pid });
  if (!identity) return;
  const process = HostProcess.adopt(ctx, identity);
  process.signal('SIGTERM');
  const cancel = ctx.clock.after(STOP_MILLISECONDS, () => process.killGroup());
  void process.exited.then(cancel);
}
