import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerConfig, DnsConfig, Mount, PodSandboxConfig } from '@binnacle/node-cri';
import { join } from 'node:path';
import { expand } from '../environment/expand.js';
import { containerSize } from '../pod/container-size.js';
import {
  CONTAINER_HASH_ANNOTATION,
  CONTAINER_NAME_LABEL,
  containerHash,
  podLabels,
  podLogDirectoryName,
  podName,
  podNamespace,
  podUid,
  TERMINATION_PATH_ANNOTATION,
} from '../pod/identity.js';

/** Linux takes 64 bytes, the last of which ends the text. */
const MAX_HOSTNAME = 63;

/** Behaves as kubernetes pkg/kubelet GeneratePodHostNameAndDomain. */
export function podHostname(pod: Pod): string {
  const { hostnameOverride, hostname } = pod.spec ?? {};
  const name = hostnameOverride ?? (hostname || podName(pod));
  return name.length > MAX_HOSTNAME ? name.slice(0, MAX_HOSTNAME).replace(/[-.]+$/, '') : name;
}

export function sandboxConfig(pod: Pod, attempt: number, podLogs: string, dns: DnsConfig): PodSandboxConfig {
  const sysctls = pod.spec?.securityContext?.sysctls ?? [];
  return {
    dns,
    sysctls: Object.fromEntries(sysctls.map(({ name, value }) => [name.replaceAll('/', '.'), value])),
    metadata: { name: podName(pod), namespace: podNamespace(pod), uid: podUid(pod), attempt },
    hostname: podHostname(pod),
    logDirectory: join(podLogs, podLogDirectoryName(pod)),
    labels: { ...pod.metadata?.labels, ...podLabels(pod) },
    annotations: { ...pod.metadata?.annotations },
    hostNetwork: pod.spec?.hostNetwork ?? false,
    ip: pod.status?.podIP,
  };
}

function ports(container: Container): ContainerConfig['ports'] {
  return (container.ports ?? []).map(({ protocol, ...port }) => ({
    ...port,
    protocol: (protocol ?? 'TCP') as 'TCP' | 'UDP' | 'SCTP',
  }));
}

function stopSignal(container: Container): string | undefined {
  const signal = container.lifecycle?.stopSignal;
  return signal && (signal.startsWith('SIG') ? signal : `SIG${signal}`);
}

export interface ContainerSettings {
  readonly attempt: number;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** What a runtime is told of a container; `$(NAME)` in command and arguments is replaced. */
export function containerConfig(pod: Pod, container: Container, settings: ContainerSettings): ContainerConfig {
  const { attempt, env, mounts } = settings;
  const security = { ...pod.spec?.securityContext, ...container.securityContext };
  const words = (list: readonly string[] | undefined) => (list ?? []).map((word) => expand(word, env));
  return {
    metadata: { name: container.name, attempt },
    image: container.image ?? '',
    command: words(container.command),
    args: words(container.args),
    workingDir: container.workingDir,
    env,
    mounts,
    ports: ports(container),
    logPath: join(container.name, `${attempt}.log`),
    ...containerSize(container),
    runAsUser: security.runAsUser,
    runAsGroup: security.runAsGroup,
    readonlyRootFilesystem: container.securityContext?.readOnlyRootFilesystem ?? false,
    stopSignal: stopSignal(container),
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    labels: { ...podLabels(pod), [CONTAINER_NAME_LABEL]: container.name },
    annotations: {
      [CONTAINER_HASH_ANNOTATION]: containerHash(container),
      [TERMINATION_PATH_ANNOTATION]: container.terminationMessagePath ?? '/dev/termination-log',
    },
  };
}
