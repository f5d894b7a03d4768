import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ContainerStatus, PodSandboxStatus, RuntimeService } from '@binnacle/node-cri';
import { findContainer, podUid } from '../../pod/identity.js';
import type { PodWorkers } from '../../worker/pod-workers.js';
import { HttpError } from '../http-error.js';
import type { StreamRequest } from './stream-request.js';

/** Where Pods and their containers are found. */
export interface StreamSource {
  readonly workers: PodWorkers;
  readonly runtime: RuntimeService;
}

type Asked = Pick<StreamRequest, 'namespace' | 'pod' | 'container'>;

/** As upstream's messages name a Pod here: `name_namespace`. */
const fullName = ({ namespace, pod }: Asked): string => `${pod}_${namespace}`;

function findPod({ workers }: StreamSource, { namespace, pod }: Asked): Pod {
  const worker = workers.find(`${namespace}/${pod}`);
  if (!worker) throw new HttpError(404, 'pod does not exist');
  return worker.pod;
}

async function readySandbox(ctx: Context, { runtime }: StreamSource, pod: Pod): Promise<PodSandboxStatus | undefined> {
  const sandboxes = await runtime.listPodSandboxes(ctx, { podUid: podUid(pod) });
  return sandboxes.find(({ state }) => state === 'ready');
}

/** A container that runs, and what its Pod says of it. Throws an HttpError in upstream's words where there is none. */
export async function findRunning(
  ctx: Context,
  source: StreamSource,
  asked: Asked,
  missing: string,
): Promise<{ status: ContainerStatus; spec: Container }> {
  const pod = findPod(source, asked);
  const sandbox = await readySandbox(ctx, source, pod);
  const containers = sandbox ? await source.runtime.listContainers(ctx, sandbox.id) : [];
  const status = containers.find(({ metadata, state }) => metadata.name === asked.container && state === 'running');
  const spec = findContainer(pod, asked.container);
  if (!status || !spec) throw new HttpError(500, missing);
  return { status, spec };
}

export const noContainerToExec = ({ container }: Asked): string => `container not found (${JSON.stringify(container)})`;

export const noContainerToAttach = (asked: Asked): string =>
  `container ${asked.container} not found in pod ${fullName(asked)}`;

/** A Pod whose network stands, and its sandbox. Throws an HttpError. */
export async function findSandbox(
  ctx: Context,
  source: StreamSource,
  asked: Asked,
): Promise<{ pod: Pod; sandbox: PodSandboxStatus }> {
  const pod = findPod(source, asked);
  const sandbox = await readySandbox(ctx, source, pod);
  if (!sandbox) throw new HttpError(500, `pod not found (${JSON.stringify(fullName(asked))})`);
  return { pod, sandbox };
}
