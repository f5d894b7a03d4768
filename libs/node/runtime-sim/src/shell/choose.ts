import type { ContainerConfig } from '@binnacle/node-cri';
import type { ImageBehaviour } from '../catalogue/types.js';
import type { Shell } from './shell.js';
import { agnhost } from '../programs/agnhost/agnhost.js';
import { crash, idle, plainCommand, plainCommands, plainSteps } from '../programs/commands.js';
import { echo } from '../programs/echo.js';
import { echoBasic } from '../programs/echo-basic/echo-basic.js';
import { netcat } from '../programs/netcat.js';
import type { Program } from '../programs/program.js';
import { redis } from '../programs/redis.js';
import { welcome } from '../programs/welcome.js';
import { whoami } from '../programs/whoami.js';
import { AGNHOST_SUBCOMMANDS } from './agnhost/subcommands.js';
import { scriptOf, SHELLS } from './shells.js';

const FOREVER = ['tail -f /dev/null', 'cat', 'top'];

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const nothing: Program = async (process) => {
  process.exit(0);
  return undefined;
};

/** A shell that nobody types into reads the end of its input, unless it waits at a terminal for somebody to come. */
function shellProgram({ stdin, tty }: ContainerConfig, shell: Shell): Program {
  if (stdin) return shell.program(['sh']);
  return tty ? idle : nothing;
}

/** Of the test image's programs those that end by themselves run in the shell's thread, where the container's files are. */
function agnhostProgram({ command, args }: ContainerConfig, behaviour: ImageBehaviour, shell: Shell): Program {
  const name = baseName(command[0] ?? behaviour.entrypoints?.[0] ?? '');
  const given = [...command.slice(1), ...args];
  const words = given.length > 0 || command.length > 0 ? given : (behaviour.arguments ?? []);
  return AGNHOST_SUBCOMMANDS.has(words[0] ?? '') ? shell.program([name, ...words]) : agnhost(words);
}

function imageProgram(behaviour: ImageBehaviour, config: ContainerConfig, shell: Shell): Program {
  const ports = behaviour.ports ?? [];
  const programs: Record<ImageBehaviour['program'], Program> = {
    echo,
    welcome: welcome(ports),
    redis: redis(ports),
    agnhost: agnhostProgram(config, behaviour, shell),
    whoami,
    'echo-basic': echoBasic,
    idle,
    crash,
    shell: shellProgram(config, shell),
  };
  return programs[behaviour.program];
}

/** A command this library can carry out without a shell. */
function plainProgram(words: readonly string[]): Program | undefined {
  const name = baseName(words[0] ?? '');
  if (FOREVER.includes(words.join(' ')) || FOREVER.includes((scriptOf(words) ?? '').trim())) return idle;
  if (name === 'nc' && words.some((word) => /^-[a-z]*l/.test(word))) return netcat(words);
  if (plainCommand(name)) return plainCommands([{ words: [name, ...words.slice(1)], onSuccess: false }]);
  const steps = plainSteps(scriptOf(words) ?? '$');
  return steps && plainCommands(steps);
}

/** The command a container was given in place of its image's own program; undefined where it runs that. */
export function givenCommand(
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
  if (!words) return imageProgram(behaviour, config, shell);
  const plain = plainProgram(words);
  if (plain) return plain;
  const needsShell = SHELLS.includes(baseName(words[0] ?? '')) || behaviour.program === 'shell';
  return needsShell ? shell.program(words) : imageProgram(behaviour, config, shell);
}

/** The command line of a container's program. */
export function titleOf(config: ContainerConfig, behaviour: ImageBehaviour): string {
  const words = givenCommand(config, behaviour);
  if (words) return words.join(' ');
  const [entrypoint = behaviour.program === 'shell' ? 'sh' : baseName(config.image).split(/[:@]/)[0]] =
    behaviour.entrypoints ?? [];
  return [entrypoint, ...config.args].join(' ');
}
