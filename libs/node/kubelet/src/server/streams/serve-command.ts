import { type Context, withSignal } from '@binnacle/machinery-context';
import type { Status } from '@binnacle/machinery-meta';
import type { ContainerStreams, RuntimeService } from '@binnacle/node-cri';
import {
  type CommandOptions,
  commandOptions,
  type CommandSession,
  openCommandSession,
  type Upgrade,
} from '@binnacle/process-streams';
import { exitStatus, failureStatus } from './command-status.js';
import type { StreamRequest } from './stream-request.js';
import { findRunning, noContainerToAttach, noContainerToExec, type StreamSource } from './stream-target.js';

type Work = (ctx: Context, streams: ContainerStreams) => Promise<Status>;

function streamsOf(session: CommandSession, tty: boolean): ContainerStreams {
  const { stdin, stdout, stderr } = session;
  return {
    ...(stdin && { stdin }),
    ...(stdout && { stdout }),
    ...(stderr && { stderr }),
    tty,
    onResize: (listener) => session.onResize(listener),
  };
}

/** Opens the session, does the work until it is done or the client has gone, and tells how it ended. */
async function during(
  ctx: Context,
  upgrade: Upgrade,
  { hasTerminal, ...options }: CommandOptions & { readonly hasTerminal: boolean },
  work: Work,
): Promise<void> {
  const session = await openCommandSession(upgrade, options, ctx.clock);
  if (!session) return;
  const signal = AbortSignal.any([ctx.signal, session.signal]);
  await session.end(await work(withSignal(ctx, signal), streamsOf(session, hasTerminal)));
}

async function runCommand(
  runtime: RuntimeService,
  ctx: Context,
  { id, command }: { readonly id: string; readonly command: readonly string[] },
  streams: ContainerStreams,
): Promise<Status> {
  try {
    return exitStatus(await runtime.exec(ctx, id, command, streams));
  } catch (error) {
    return failureStatus('executing command in container', error);
  }
}

/** Runs a command in a container. Rejects with an HttpError or an UpgradeRefusal before anything is answered. */
export async function serveExec(
  ctx: Context,
  source: StreamSource,
  request: StreamRequest,
  upgrade: Upgrade,
): Promise<void> {
  const options = commandOptions(request.query);
  const { status } = await findRunning(ctx, source, request, noContainerToExec(request));
  const asked = { id: status.id, command: request.query.getAll('command') };
  await during(ctx, upgrade, { ...options, hasTerminal: options.tty }, (own, streams) =>
    runCommand(source.runtime, own, asked, streams),
  );
}

/** Connects to a container's own program, with a terminal where that has one. */
export async function serveAttach(
  ctx: Context,
  source: StreamSource,
  request: StreamRequest,
  upgrade: Upgrade,
): Promise<void> {
  const options = commandOptions(request.query);
  const { status, spec } = await findRunning(ctx, source, request, noContainerToAttach(request));
  await during(ctx, upgrade, { ...options, hasTerminal: spec.tty ?? false }, async (own, streams) => {
    try {
      await source.runtime.attach(own, status.id, streams);
      return exitStatus(0);
    } catch (error) {
      return failureStatus('attaching to container', error);
    }
  });
}
