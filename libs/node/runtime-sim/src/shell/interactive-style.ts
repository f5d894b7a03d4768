import type { ContainerStreams } from '@binnacle/node-cri';
import type { ShellStyle } from './protocol.js';
import { scriptOf, SHELLS } from './shells.js';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** As terminals in pages and on consoles look for a shell: `command -v bash >/dev/null && exec bash || exec sh`. */
const ENDS_IN_SHELL = /(?:^|[;&|(]|\bexec)\s*(?:\/bin\/)?(sh|bash|ash)(?:\s+-[il]+)*(?:\s*\))?$/;
/** Longer scripts are programs, not a way into a shell. */
const LONGEST_WAY_IN = 1_000;

function calledAs(words: readonly string[]): string | undefined {
  const [name = '', ...args] = words;
  const script = scriptOf(words);
  if (script !== undefined) {
    if (/\bexec bash\b/.test(script)) return 'bash';
    return script.length > LONGEST_WAY_IN ? undefined : ENDS_IN_SHELL.exec(script.trimEnd())?.[1];
  }
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
