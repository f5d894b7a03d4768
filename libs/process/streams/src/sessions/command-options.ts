import { UpgradeRefusal } from './refusal.js';

/** Which streams of a command, or of a container that runs, are wanted. */
export interface CommandOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** With a terminal all output comes by stdout. */
  readonly tty: boolean;
}

/** Reads the query of a kubelet's `exec` and `attach`. Throws an UpgradeRefusal where nothing is wanted. */
export function commandOptions(query: URLSearchParams): CommandOptions {
  const flag = (name: string) => query.get(name) === '1';
  const tty = flag('tty');
  const options = { stdin: flag('input'), stdout: flag('output'), stderr: flag('error') && !tty, tty };
  if (options.stdin || options.stdout || options.stderr) return options;
  throw new UpgradeRefusal(400, 'you must specify at least 1 of stdin, stdout, stderr');
}
