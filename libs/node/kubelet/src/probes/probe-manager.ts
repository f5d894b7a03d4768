import type { Container, Pod, Probe } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ContainerStatus, ExecRuntime, SandboxNetwork } from '@binnacle/node-cri';
import type { ContainerEvents } from '../pod/events.js';
import { findContainer } from '../pod/identity.js';
import type { ProbeResult } from './dial.js';
import { type ProbeType, ProbeWorker } from './probe-worker.js';
import { runProbe } from './prober.js';

const TYPES: readonly ProbeType[] = ['startup', 'readiness', 'liveness'];
const TITLES = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' } as const;

const probeOf = (container: Container, type: ProbeType): Probe | undefined => container[`${type}Probe`];

/** The probes of one Pod's running containers. A container without a probe of a kind passes it. */
export class PodProbes {
  private readonly workers = new Map<string, ProbeWorker>();

  constructor(
    private readonly ctx: Context,
    private readonly runtime: ExecRuntime & SandboxNetwork,
    private readonly events: ContainerEvents,
    private readonly changed: () => void,
  ) {}

  /** Probes exactly the given containers, of which some run. */
  follow(pod: Pod, podIp: string, containers: readonly ContainerStatus[]): void {
    const running = containers.filter(({ state }) => state === 'running');
    for (const [key, worker] of this.workers) {
      if (running.some(({ id }) => key.endsWith(id))) continue;
      worker.stop();
      this.workers.delete(key);
    }
    for (const status of running) {
      const container = findContainer(pod, status.metadata.name);
      if (container) for (const type of TYPES) this.start(pod, podIp, container, status, type);
    }
  }

  stop(): void {
    for (const worker of this.workers.values()) worker.stop();
    this.workers.clear();
  }

  /** A Pod that is being stopped may still become unready, but is not ended for ill health. */
  stopAllBut(kept: ProbeType): void {
    for (const [key, worker] of this.workers) if (!key.startsWith(kept)) worker.stop();
  }

  ready = (containerId: string): boolean => this.verdict('readiness', containerId) ?? true;
  live = (containerId: string): boolean | undefined => this.verdict('liveness', containerId);

  /** Undefined while the startup probe has neither passed nor failed. */
  started = (containerId: string): boolean | undefined => {
    const worker = this.workers.get(`startup/${containerId}`);
    return worker ? worker.verdict : true;
  };

  private verdict(type: ProbeType, containerId: string): boolean | undefined {
    return this.workers.get(`${type}/${containerId}`)?.verdict;
  }

  private start(pod: Pod, podIp: string, container: Container, status: ContainerStatus, type: ProbeType): void {
    const probe = probeOf(container, type);
    const key = `${type}/${status.id}`;
    if (!probe || this.workers.has(key)) return;
    const target = { container, sandboxId: status.sandboxId, containerId: status.id, podIp };
    const worker = new ProbeWorker(this.ctx, {
      type,
      probe,
      startedAt: status.startedAt ?? this.ctx.clock.now(),
      mayRun: () => type === 'startup' || this.started(status.id) === true,
      run: (): Promise<ProbeResult> => runProbe(this.ctx, this.runtime, probe, target),
      changed: this.changed,
      failed: (output) =>
        this.events.container(pod, container.name, 'Warning', 'Unhealthy', `${TITLES[type]} probe failed: ${output}`),
    });
    this.workers.set(key, worker);
  }
}
