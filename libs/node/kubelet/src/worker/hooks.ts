import type { Container, LifecycleHandler } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, sleep } from '@binnacle/machinery-context';
import type { IntOrString } from '@binnacle/machinery-meta';
import type { ExecRuntime, SandboxNetwork } from '@binnacle/node-cri';
import { dialTarget, type ProbeResult, probeHttp, probeTcp, resolvePort } from '../probes/dial.js';

export interface HookTarget {
  readonly container: Container;
  readonly sandboxId: string;
  readonly containerId: string;
  readonly podIp: string;
  readonly timeoutSeconds: number;
}

function requirePassed({ passed, output }: ProbeResult): void {
  if (!passed) throw new Error(output);
}

/** Runs a postStart or preStop handler to its end. Rejects when it fails. */
export async function runHook(
  ctx: Context,
  runtime: ExecRuntime & SandboxNetwork,
  handler: LifecycleHandler,
  target: HookTarget,
): Promise<void> {
  const { container, sandboxId, containerId, podIp, timeoutSeconds } = target;
  const find = (host: string | undefined, port: IntOrString) =>
    dialTarget(ctx, runtime, sandboxId, host || podIp, resolvePort(port, container));
  if (handler.exec) {
    const command = handler.exec.command ?? [];
    const { exitCode, stderr } = await runtime.execSync(ctx, containerId, command, timeoutSeconds);
    if (exitCode !== 0) throw new Error(`command '${command.join(' ')}' exited with ${exitCode}: ${stderr.toString()}`);
  } else if (handler.httpGet) {
    const { host, port } = handler.httpGet;
    const found = await find(host, port);
    requirePassed('passed' in found ? found : await probeHttp({ ...found, action: handler.httpGet, timeoutSeconds }));
  } else if (handler.tcpSocket) {
    const { host, port } = handler.tcpSocket;
    const found = await find(host, port);
    requirePassed('passed' in found ? found : await probeTcp(found, timeoutSeconds));
  } else if (handler.sleep) await sleep(ctx, Math.min(handler.sleep.seconds, timeoutSeconds) * 1000);
}
