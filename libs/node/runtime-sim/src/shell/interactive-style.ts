import type { ContainerStreams } from '@binnacle/node-cri';
import type { ShellStyle } from './protocol.js';
import { scriptOf, SHELLS } from './shells.js';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** As terminals in pages and on consoles look for a shell: `command -v bash >/dev/null && exec bash || exec sh`. */
const ENDS_IN_SHELL = /(?:^|[;&|(]|\bexec)\s*(?:\/bin\/)?(sh|bash|ash)(?:\s+-[il]+)*\s*\)?\s*$/;

function calledAs(words: readonly string[]): string | undefined {
  const [name = '', ...args] = words;
  const script = scriptOf(words);
  if (script !== undefined) return /\bexec bash\b/.test(script) ? 'bash' : ENDS_IN_SHELL.exec(script)?.[1];
  const isShell = SHELLS.includes(baseName(name)) && args.every((arg) => arg.startsWith('-'));
  return isShell ? baseName(name) : undefined;
}

/** Of a command that is a shell somebody gives commands to; undefined of every other. */
export function interactiveStyle(
  words: readonly string[],
  { stdin, tty }: Pick<ContainerStreams, 'tty'> & { readonly stdin?: unknown },
): ShellStyle | undefined {
  const name = stdin ? calledAs(words) : undefined;
  return name === undefined ? undefined : { name, tty };
}
