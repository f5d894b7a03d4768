import { spawn } from 'node:child_process';
import type { Context } from '@binnacle/machinery-context';
import { type ExecResult, ExecTimeoutError } from '@binnacle/node-cri';
import { type ProcessSpec, spawnOptions } from './host-process.js';

const LONGEST_OUTPUT = 16 * 1024 * 1024;

function collect(stream: NodeJS.ReadableStream, into: Buffer[]): void {
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= LONGEST_OUTPUT) into.push(chunk);
  });
}

/** Runs a command to its end beside a container. Rejects where it cannot be run or takes too long; 0 is no limit. */
export function runCommand(ctx: Context, spec: ProcessSpec, timeoutSeconds: number): Promise<ExecResult> {
  const [program = '', ...args] = spec.command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawnOptions(spec), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
    let late = false;
    const cancel =
      timeoutSeconds > 0
        ? ctx.clock.after(timeoutSeconds * 1000, () => {
            late = true;
            kill();
          })
        : () => undefined;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    collect(child.stdout, stdout);
    collect(child.stderr, stderr);
    child.once('error', (error) => {
      cancel();
      reject(error);
    });
    child.once('close', (code) => {
      cancel();
      if (late)
        return reject(new ExecTimeoutError(`command timed out after ${timeoutSeconds}s: ${spec.command.join(' ')}`));
      resolve({ exitCode: code ?? 137, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}
