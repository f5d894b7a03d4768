import type { Container, Probe } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { type ExecRuntime, ExecTimeoutError, type SandboxNetwork } from '@binnacle/node-cri';
import { type DialTarget, dialTarget, probeHttp, probeTcp, type ProbeResult, resolvePort } from './dial.js';
import { probeGrpc } from './grpc-health.js';

export interface ProbeTarget {
  readonly container: Container;
  readonly sandboxId: string;
  readonly containerId: string;
  readonly podIp: string;
}

async function probeExec(
  ctx: Context,
  runtime: ExecRuntime,
  id: string,
  command: readonly string[],
  timeout: number,
): Promise<ProbeResult> {
  try {
    const { exitCode, stdout, stderr } = await runtime.execSync(ctx, id, command, timeout);
    return { passed: exitCode === 0, output: Buffer.concat([stdout, stderr]).toString() };
  } catch (error) {
    if (error instanceof ExecTimeoutError) return { passed: false, output: error.message };
    throw error;
  }
}

type Ask = (found: DialTarget) => Promise<ProbeResult>;

/** What a probe that dials asks for, at which host and port; undefined where it is none. */
function dialled(probe: Probe, container: Container): { host?: string; port: number; ask: Ask } | undefined {
  const { httpGet, tcpSocket, grpc, timeoutSeconds = 1 } = probe;
  if (httpGet) {
    const ask: Ask = (found) => probeHttp({ ...found, action: httpGet, timeoutSeconds });
    return { host: httpGet.host, port: resolvePort(httpGet.port, container), ask };
  }
  if (tcpSocket) {
    const ask: Ask = (found) => probeTcp(found, timeoutSeconds);
    return { host: tcpSocket.host, port: resolvePort(tcpSocket.port, container), ask };
  }
  return grpc && { port: grpc.port, ask: (found) => probeGrpc(found, grpc.service ?? '', timeoutSeconds) };
}

/** Runs one probe once. Rejects where it could not be run at all, which counts neither way. */
export async function runProbe(
  ctx: Context,
  runtime: ExecRuntime & SandboxNetwork,
  probe: Probe,
  target: ProbeTarget,
): Promise<ProbeResult> {
  const { container, sandboxId, containerId, podIp } = target;
  if (probe.exec)
    return await probeExec(ctx, runtime, containerId, probe.exec.command ?? [], probe.timeoutSeconds ?? 1);
  const wanted = dialled(probe, container);
  if (!wanted) throw new Error(`missing probe handler for container ${container.name}`);
  const found = await dialTarget(ctx, runtime, sandboxId, wanted.host || podIp, wanted.port);
  return 'passed' in found ? found : await wanted.ask(found);
}
