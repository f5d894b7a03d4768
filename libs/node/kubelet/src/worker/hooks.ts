import type { Container, LifecycleHandler } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, sleep } from '@binnacle/machinery-context';
import type { ExecRuntime } from '@binnacle/node-cri';
import { probeHttp, probeTcp, resolvePort } from '../probes/dial.js';

export interface HookTarget {
  readonly container: Container;
  readonly containerId: string;
  readonly podIp: string;
  readonly timeoutSeconds: number;
}

/** Runs a postStart or preStop handler to its end. Rejects when it fails. */
export async function runHook(
  ctx: Context,
  runtime: ExecRuntime,
  handler: LifecycleHandler,
  target: HookTarget,
): Promise<void> {
  const { container, containerId, podIp, timeoutSeconds } = target;
  if (handler.exec) {
    const command = handler.exec.command ?? [];
    const { exitCode, stderr } = await runtime.execSync(ctx, containerId, command, timeoutSeconds);
    if (exitCode !== 0) throw new Error(`command '${command.join(' ')}' exited with ${exitCode}: ${stderr.toString()}`);
  } else if (handler.httpGet) {
    const { host, port } = handler.httpGet;
    const address = { ip: host || podIp, port: resolvePort(port, container) };
    const { passed, output } = await probeHttp({ ...address, action: handler.httpGet, timeoutSeconds });
    if (!passed) throw new Error(output);
  } else if (handler.tcpSocket) {
    const { host, port } = handler.tcpSocket;
    const { passed, output } = await probeTcp(host || podIp, resolvePort(port, container), timeoutSeconds);
    if (!passed) throw new Error(output);
  } else if (handler.sleep) await sleep(ctx, Math.min(handler.sleep.seconds, timeoutSeconds) * 1000);
}
