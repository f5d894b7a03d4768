import type { ContainerConfig } from '@binnacle/node-cri';
import type { ImageBehaviour } from '../catalogue/types.js';
import type { Shell } from '../shell/shell.js';
import { agnhost } from './agnhost.js';
import { commands, crash, idle, plainCommands, plainSteps } from './commands.js';
import { echo } from './echo.js';
import { netcat } from './netcat.js';
import type { Program } from './program.js';
import { redis } from './redis.js';
import { welcome } from './welcome.js';

const SHELLS = ['sh', 'bash', 'ash', 'dash'];
const FOREVER = ['tail -f /dev/null', 'cat', 'top'];

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const nothing: Program = async (process) => {
  process.exit(0);
  return undefined;
};

function imageProgram(behaviour: ImageBehaviour, config: ContainerConfig): Program {
  const ports = behaviour.ports ?? [];
  const programs: Record<ImageBehaviour['program'], Program> = {
    echo,
    welcome: welcome(ports),
    redis: redis(ports),
    agnhost,
    idle,
    crash,
    // A shell that nobody types into reads the end of its input.
    shell: config.stdin || config.tty ? idle : nothing,
  };
  return programs[behaviour.program];
}

/** The script of `sh -c script`; undefined for another form. */
export function scriptOf([name = '', ...args]: readonly string[]): string | undefined {
  if (!SHELLS.includes(baseName(name))) return undefined;
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  return at >= 0 ? args[at + 1] : undefined;
}

/** A command this library can carry out without a shell. */
function plainProgram(words: readonly string[]): Program | undefined {
  const name = baseName(words[0] ?? '');
  if (FOREVER.includes(words.join(' '))) return idle;
  if (name === 'nc' && words.some((word) => /^-[a-z]*l/.test(word))) return netcat(words);
  if (commands[name]) return plainCommands([{ words: [name, ...words.slice(1)], onSuccess: false }]);
  const steps = plainSteps(scriptOf(words) ?? '$');
  return steps && plainCommands(steps);
}

/** The command a container was given in place of its image's own program; undefined where it runs that. */
function givenCommand(
  { command, args }: ContainerConfig,
  { program, entrypoints = [] }: ImageBehaviour,
): string[] | undefined {
  const words = [...command, ...args];
  const [first = ''] = words;
  const isCommand = command.length > 0 || (program === 'shell' && words.length > 0);
  return isCommand && !entrypoints.includes(first) && !entrypoints.includes(baseName(first)) ? words : undefined;
}

/**
 * What a container runs: the command it was given where that can be simulated, else what its image does. A command of an
 * unknown program runs the image's own, since that program is what such an image is for.
 */
export function chooseProgram(config: ContainerConfig, behaviour: ImageBehaviour, shell: Shell): Program {
  const words = givenCommand(config, behaviour);
  if (!words) return imageProgram(behaviour, config);
  const plain = plainProgram(words);
  if (plain) return plain;
  const needsShell = scriptOf(words) !== undefined || behaviour.program === 'shell';
  return needsShell ? shell.program(words) : imageProgram(behaviour, config);
}
