import { newInternalError, type Status } from '@binnacle/machinery-meta';

/** What a client is told of a command that has ended. As kubernetes cri-streaming remotecommand. */
export function exitStatus(exitCode: number): Status {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** The same of one that could not be run, or of a container nobody can attach to. */
export function failureStatus(doing: string, error: unknown): Status {
  const why = error instanceof Error ? error.message : String(error);
  return newInternalError(new Error(`error ${doing}: ${why}`)).toStatus();
}
