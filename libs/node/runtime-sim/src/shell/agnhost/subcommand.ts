import type { CommandContext, ExecResult } from 'just-bash';
import type { RunPort } from '../commands.js';

/** A program of the image that reads files or the network and ends by itself. */
export type Subcommand = (words: readonly string[], ctx: CommandContext, port: RunPort) => Promise<ExecResult>;

export const said = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });
export const failed = (stderr: string) => ({ stdout: '', stderr, exitCode: 1 });
