import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContainerStatus as ApiContainerStatus, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { type ContainerStatus, type LogOptions, readContainerLog, type RuntimeService } from '@binnacle/node-cri';
import { type Context, sleep } from '@binnacle/machinery-context';
import { parseTime } from '@binnacle/machinery-meta';
import type { PodWorkers } from '../worker/pod-workers.js';
import { findContainer, podName, podUid } from '../pod/identity.js';
import { HttpError } from './http-error.js';

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly query: URLSearchParams;
}

export interface LogSource {
  readonly workers: PodWorkers;
  readonly runtime: RuntimeService;
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new HttpError(400, `invalid ${name} "${text}"`);
  return number;
}

const flag = (query: URLSearchParams, name: string) => ['true', '1'].includes(query.get(name) ?? '');

function since(query: URLSearchParams, now: number): number | undefined {
  const seconds = wholeNumber(query, 'sinceSeconds');
  if (seconds !== undefined) return now - seconds * 1000;
  const text = query.get('sinceTime');
  if (text === null) return undefined;
  const time = parseTime(text);
  if (time === undefined) throw new HttpError(400, `invalid sinceTime "${text}"`);
  return time;
}

/** Reads the query of a log request. Throws an `HttpError` 400 for what it cannot be. */
export function logOptions(query: URLSearchParams, now: number): LogOptions {
  const stream = query.get('stream')?.toLowerCase();
  return {
    follow: flag(query, 'follow'),
    timestamps: flag(query, 'timestamps'),
    tailLines: wholeNumber(query, 'tailLines'),
    limitBytes: wholeNumber(query, 'limitBytes'),
    since: since(query, now),
    ...((stream === 'stdout' || stream === 'stderr') && { stream }),
  };
}

function statusOf(status: PodStatus | undefined, name: string): ApiContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  return all.find((container) => container.name === name);
}

function chooseRun(
  runs: readonly ContainerStatus[],
  request: LogRequest,
  waiting: string | undefined,
): ContainerStatus {
  const { container, pod, query } = request;
  const begun = runs.filter(({ state }) => state !== 'created').sort((a, b) => b.metadata.attempt - a.metadata.attempt);
  const previous = flag(query, 'previous');
  const run = previous
    ? begun
        .filter(({ state }) => state === 'exited')
        .find((each) => begun[0]?.state !== 'exited' || waiting || each !== begun[0])
    : begun[0];
  if (run) return run;
  if (previous) throw new HttpError(400, `previous terminated container "${container}" in pod "${pod}" not found`);
  throw new HttpError(
    400,
    `container "${container}" in pod "${pod}" is waiting to start: ${waiting ?? 'ContainerCreating'}`,
  );
}

async function findRun(ctx: Context, { workers, runtime }: LogSource, request: LogRequest): Promise<ContainerStatus> {
  const worker = workers.find(`${request.namespace}/${request.pod}`);
  if (!worker) throw new HttpError(404, `pod "${request.namespace}/${request.pod}" not found`);
  const { container } = request;
  if (!findContainer(worker.pod, container)) {
    throw new HttpError(404, `container "${container}" not found in pod "${podName(worker.pod)}"`);
  }
  const sandboxes = await runtime.listPodSandboxes(ctx, { podUid: podUid(worker.pod) });
  const lists = await Promise.all(sandboxes.map(({ id }) => runtime.listContainers(ctx, id)));
  const runs = lists.flat().filter(({ metadata }) => metadata.name === container);
  const waiting = statusOf(worker.status, container)?.state?.waiting?.reason;
  return chooseRun(runs, request, waiting);
}

/** Answers the log of one container, following it where asked. Behaves as kubernetes pkg/kubelet getContainerLogs. */
export async function serveContainerLog(
  ctx: Context,
  source: LogSource,
  request: LogRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const options = logOptions(request.query, ctx.clock.now());
  const run = await findRun(ctx, source, request);
  const ended = new AbortController();
  message.once('close', () => ended.abort());
  response.once('close', () => ended.abort());
  const cut = () => response.destroy();
  ctx.signal.addEventListener('abort', cut, { once: true });
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  let running = run.state === 'running';
  const stopListening = source.runtime.onEvent(({ type, containerId }) => {
    if (containerId === run.id && type !== 'started') running = false;
  });
  try {
    if (options.follow) await untilExists(ctx, run.logPath, () => running && !ended.signal.aborted);
    for await (const chunk of readContainerLog(run.logPath, options, () => running, ended.signal)) {
      if (!response.write(chunk)) await drained(response);
      if (response.destroyed) return;
    }
  } catch (error) {
    // A container that has written nothing has no file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    stopListening();
    ctx.signal.removeEventListener('abort', cut);
    response.end();
  }
}

const LOOK_MILLISECONDS = 200;

async function untilExists(ctx: Context, path: string, goOn: () => boolean): Promise<void> {
  const exists = () =>
    stat(path).then(
      () => true,
      () => false,
    );
  while (goOn() && !(await exists())) await sleep(ctx, LOOK_MILLISECONDS);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}
