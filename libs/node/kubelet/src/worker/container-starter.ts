import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ContainerStatus, Mount, PodSandboxStatus } from '@binnacle/node-cri';
import { containerEnvironment } from '../environment/container-environment.js';
import { durationText } from '../plan/back-off.js';
import type { StartContainer } from '../plan/plan-pod.js';
import { containerHash, podText, podUid } from '../pod/identity.js';
import { HOSTS_PATH, nodeHosts } from '../volumes/node-hosts.js';
import { containerConfig } from './container-config.js';
import { runHook } from './hooks.js';
import { hostsFile } from './hosts-file.js';
import type { NodeServices } from './services.js';
import { StartFailure } from './start-failure.js';

const HOOK_TIMEOUT_SECONDS = 300;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Starts one container of a Pod, or says why not. Behaves as kubernetes pkg/kubelet/kuberuntime startContainer. */
export class ContainerStarter {
  constructor(private readonly node: NodeServices) {}

  /** Throws a `StartFailure`. `previous` is how the container last ended, if it ever ran. */
  async start(
    ctx: Context,
    pod: Pod,
    sandbox: PodSandboxStatus,
    wanted: StartContainer,
    previous?: ContainerStatus,
  ): Promise<void> {
    const { container, attempt } = wanted;
    if (previous?.state === 'exited') this.checkBackOff(ctx, pod, container, previous);
    await this.node.images.ensure(ctx, pod, container);
    const id = await this.create(ctx, pod, sandbox, wanted);
    this.node.events.container(pod, container.name, 'Normal', 'Created', 'Container created');
    try {
      await this.node.runtime.startContainer(ctx, id);
    } catch (error) {
      throw this.fail(pod, container, 'RunContainerError', messageOf(error));
    }
    this.node.events.container(pod, container.name, 'Normal', 'Started', 'Container started');
    this.node.ctx.logger.debug('container started', { pod: podText(pod), container: container.name, attempt });
    await this.postStart(ctx, pod, sandbox, container, id);
  }

  private checkBackOff(ctx: Context, pod: Pod, container: Container, previous: ContainerStatus): void {
    const { restarts, events } = this.node;
    const key = `${podUid(pod)}/${container.name}/${containerHash(container)}`;
    const now = ctx.clock.now();
    const until = restarts.until(key, previous.finishedAt, now);
    if (until === undefined) return restarts.next(key, now);
    const delay = durationText(restarts.delay(key));
    const text = `restarting failed container ${container.name} in pod ${podText(pod)}`;
    events.container(pod, container.name, 'Warning', 'BackOff', `Back-off ${text}`);
    const message = `back-off ${delay} restarting failed container=${container.name} pod=${podText(pod)}`;
    throw new StartFailure('CrashLoopBackOff', message, until);
  }

  private async create(
    ctx: Context,
    pod: Pod,
    sandbox: PodSandboxStatus,
    { container, attempt }: StartContainer,
  ): Promise<string> {
    const { environment: sources, nodeName, hostIp } = this.node;
    const place = { podIp: sandbox.ip || hostIp, hostIp, nodeName, allocatable: this.node.allocatable() };
    const file = (volume: string, path: string) => this.node.volumes.read(pod, volume, path);
    const devices = this.node.devices.environment(pod, container);
    const env = await containerEnvironment({ ctx, pod, container, place, sources, file, devices }).catch(
      (error: unknown) => {
        throw this.fail(pod, container, 'CreateContainerConfigError', messageOf(error));
      },
    );
    const mounts = await this.withHosts(pod, place.podIp, this.mounts(pod, container, env));
    const config = containerConfig(pod, container, { attempt, env, mounts });
    return await this.node.runtime.createContainer(ctx, sandbox.id, config).catch((error: unknown) => {
      throw this.fail(pod, container, 'CreateContainerError', messageOf(error));
    });
  }

  /** A container that mounts something else there keeps that. */
  private async withHosts(pod: Pod, podIp: string, mounts: readonly Mount[]): Promise<readonly Mount[]> {
    if (mounts.some(({ containerPath }) => containerPath === HOSTS_PATH)) return mounts;
    const { nodeName, hostIp, volumes } = this.node;
    const text = hostsFile(pod, podIp, nodeHosts(nodeName, hostIp));
    const hostPath = await volumes.keepFile(pod, 'etc-hosts', text);
    return hostPath ? [...mounts, { hostPath, containerPath: HOSTS_PATH, readonly: false }] : mounts;
  }

  private mounts(pod: Pod, container: Container, env: Readonly<Record<string, string>>): readonly Mount[] {
    try {
      return this.node.volumes.mounts(pod, container.name, env);
    } catch (error) {
      throw this.fail(pod, container, 'CreateContainerConfigError', messageOf(error));
    }
  }

  private async postStart(
    ctx: Context,
    pod: Pod,
    sandbox: PodSandboxStatus,
    container: Container,
    containerId: string,
  ): Promise<void> {
    const handler = container.lifecycle?.postStart;
    if (!handler) return;
    const target = {
      container,
      sandboxId: sandbox.id,
      containerId,
      podIp: sandbox.ip || this.node.hostIp,
      timeoutSeconds: HOOK_TIMEOUT_SECONDS,
    };
    try {
      await runHook(ctx, this.node.runtime, handler, target);
    } catch (error) {
      const message = `PostStartHook failed: ${messageOf(error)}`;
      this.node.events.container(pod, container.name, 'Warning', 'FailedPostStartHook', message);
      const grace = pod.spec?.terminationGracePeriodSeconds ?? 30;
      await this.node.runtime.stopContainer(ctx, containerId, grace);
      throw new StartFailure('PostStartHookError', message);
    }
  }

  private fail(pod: Pod, container: Container, reason: string, message: string): StartFailure {
    this.node.events.container(pod, container.name, 'Warning', 'Failed', `Error: ${message}`);
    return new StartFailure(reason, message);
  }
}
