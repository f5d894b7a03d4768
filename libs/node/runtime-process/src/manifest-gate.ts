import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, formatTime } from '@binnacle/machinery-context';
import type { ContainerConfig, PodSandboxMetadata } from '@binnacle/node-cri';
import { expandVariables, isManifestName, readManifest, readManifestFile } from '@binnacle/node-kubelet/manifests';

/** Where the administrator of this machine says what runs on it. */
export interface ManifestPlace {
  readonly directory: string;
  readonly nodeName: string;
}

/** What is asked for is not what a manifest of this machine says. */
export class NotInManifestError extends Error {
  override readonly name = 'NotInManifestError';
}

const refuse = (why: string): never => {
  throw new NotInManifestError(`only what a manifest of this machine asks for can run as its process: ${why}`);
};

async function readPod(ctx: Context, { directory, nodeName }: ManifestPlace, name: string): Promise<Pod | undefined> {
  try {
    const text = await readManifestFile(directory, name);
    return readManifest(text, { path: join(directory, name), nodeName, seen: formatTime(ctx.clock.now()) });
  } catch (error) {
    ctx.logger.debug('a manifest asks for nothing', { manifest: name, error });
    return undefined;
  }
}

/**
 * Reads, itself, the manifest that asks for a Pod, which is known by its uid, a hash of what it says. Rejects with a
 * `NotInManifestError` where there is none: whoever calls this runtime decides nothing.
 */
export async function approvedPod(ctx: Context, place: ManifestPlace, wanted: PodSandboxMetadata): Promise<Pod> {
  const names = await readdir(place.directory).catch(() => []);
  for (const name of names.filter(isManifestName)) {
    const pod = await readPod(ctx, place, name);
    const { uid, name: podName, namespace } = pod?.metadata ?? {};
    if (pod && uid === wanted.uid && podName === wanted.name && namespace === wanted.namespace) return pod;
  }
  return refuse(`none in ${place.directory} asks for Pod ${wanted.namespace}/${wanted.name} with uid ${wanted.uid}`);
}

const containersOf = ({ spec }: Pod): readonly Container[] => [
  ...(spec?.containers ?? []),
  ...(spec?.initContainers ?? []),
];

function find(pod: Pod, name: string): Container {
  return (
    containersOf(pod).find((container) => container.name === name) ??
    refuse(`${pod.metadata?.name} has no container ${name}`)
  );
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function words(list: readonly string[] | undefined, env: Readonly<Record<string, string>>): readonly string[] {
  return (list ?? []).map((word) => expandVariables(word, env));
}

/** A variable is the manifest's: named there, and of the value that stands there where one does. */
function isVariable({ env = [] }: Container, name: string, value: string): boolean {
  const found = env.filter((each) => each.name === name).at(-1);
  return (
    found !== undefined &&
    (found.valueFrom !== undefined ||
      found.value?.includes('$') ||
      found.value === value ||
      (found.value === undefined && value === ''))
  );
}

/** Throws a `NotInManifestError` for a container that differs from the manifest's in what is run, as whom, where or with which variables. */
export function requireApproved(pod: Pod, config: ContainerConfig): void {
  const container = find(pod, config.metadata.name);
  const security = { ...pod.spec?.securityContext, ...container.securityContext };
  const asked = [config.command, config.args, config.workingDir, config.runAsUser, config.runAsGroup];
  const { command, args, workingDir } = container;
  const approved = [
    words(command, config.env),
    words(args, config.env),
    workingDir,
    security.runAsUser,
    security.runAsGroup,
  ];
  if (!same(asked, approved)) refuse(`container ${container.name} of ${pod.metadata?.name} is another one there`);
  const foreign = Object.entries(config.env).find(([name, value]) => !isVariable(container, name, value));
  if (foreign) refuse(`container ${container.name} of ${pod.metadata?.name} has another variable ${foreign[0]} there`);
}

function commandsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): Array<readonly string[]> {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap((handler) => (handler?.exec ? [handler.exec.command ?? []] : []));
}

/** Throws a `NotInManifestError` for a command that is no probe or hook of the container. */
export function requireApprovedCommand(pod: Pod, name: string, command: readonly string[]): void {
  if (commandsOf(find(pod, name)).some((known) => same(known, command))) return;
  refuse(`"${command.join(' ')}" is no probe or hook of container ${name} of ${pod.metadata?.name}`);
}
