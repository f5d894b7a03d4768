import type { Container, Probe } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { ExecTimeoutError, type ExecRuntime } from '@binnacle/node-cri';
import { probeHttp, probeTcp, type ProbeResult, resolvePort } from './dial.js';
import { probeGrpc } from './grpc-health.js';

export interface ProbeTarget {
  readonly container: Container;
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

/** Runs one probe once. Rejects where it could not be run at all, which counts neither way. */
export async function runProbe(
  ctx: Context,
  runtime: ExecRuntime,
  probe: Probe,
  target: ProbeTarget,
): Promise<ProbeResult> {
  const timeoutSeconds = probe.timeoutSeconds ?? 1;
  const { container, containerId, podIp } = target;
  if (probe.exec) return await probeExec(ctx, runtime, containerId, probe.exec.command ?? [], timeoutSeconds);
  if (probe.httpGet) {
    const { host, port } = probe.httpGet;
    const address = { ip: host || podIp, port: resolvePort(port, container) };
    return await probeHttp({ ...address, action: probe.httpGet, timeoutSeconds });
  }
  if (probe.tcpSocket) {
    const { host, port } = probe.tcpSocket;
    return await probeTcp(host || podIp, resolvePort(port, container), timeoutSeconds);
  }
  if (probe.grpc) return await probeGrpc(podIp, probe.grpc.port, probe.grpc.service ?? '', timeoutSeconds);
  throw new Error(`missing probe handler for container ${container.name}`);
}
