import type { Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { ObjectMeta } from '@binnacle/machinery-meta';
import type { ContainerStatus, PodSandboxStatus, RuntimeService } from '@binnacle/node-cri';
import type { ReadClaim } from '../devices/pod-devices.js';
import { ContainerEvents } from '../pod/events.js';
import type { TokenSource } from '../volumes/pod-tokens.js';

/** A context whose time a test steps. */
export function fakeContext(): Context & { readonly clock: FakeClock } {
  return { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
}

export function podOf(spec: Partial<PodSpec> = {}, metadata: ObjectMeta = {}): Pod {
  const containers = spec.containers ?? [{ name: 'main', image: 'app' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', ...metadata },
    spec: { ...spec, containers },
  };
}

export function sandboxOf(more: Partial<PodSandboxStatus> = {}): PodSandboxStatus {
  return {
    id: 's1',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', attempt: 0 },
    state: 'ready',
    createdAt: 0,
    ip: '10.244.1.2',
    labels: {},
    annotations: {},
    ...more,
  };
}

/** One run of a container; it runs unless it is said how it ended. */
export function runOf(name: string, more: Partial<ContainerStatus> = {}): ContainerStatus {
  const attempt = more.metadata?.attempt ?? 0;
  return {
    id: `${name}-${attempt}`,
    sandboxId: 's1',
    metadata: { name, attempt },
    state: more.exitCode === undefined ? 'running' : 'exited',
    createdAt: attempt,
    startedAt: 1_000,
    image: 'app',
    imageRef: 'docker.io/library/app:latest',
    logPath: '',
    labels: {},
    annotations: {},
    ...more,
  };
}

/** A runtime of which only what a test gives can be asked; everything else fails it. */
export function runtimeOf(parts: Partial<RuntimeService>): RuntimeService {
  return new Proxy(parts as RuntimeService, {
    get(target, name) {
      if (Object.hasOwn(target, name)) return target[name as keyof RuntimeService];
      throw new Error(`the runtime is not to be asked for ${String(name)}`);
    },
  });
}

/** For Pods that mount no token. */
export const noTokens: TokenSource = {
  token: async () => {
    throw new Error('there is no token');
  },
  forget: () => undefined,
};

/** Events, each as `Warning Failed: why`. */
export function toldEvents(): { readonly events: ContainerEvents; readonly told: string[] } {
  const told: string[] = [];
  const events = new ContainerEvents({
    event: (_, type, reason, message) => void told.push(`${type} ${reason}: ${message}`),
  });
  return { events, told };
}

/** For Pods that use no devices. */
export const noClaims: ReadClaim = async () => {
  throw new Error('there is no claim');
};
