import type { ContainerConfig } from '@binnacle/node-cri';
import type { ImageBehaviour } from '../catalogue/types.js';
import { givenCommand } from './choose.js';
import { SHELL_COMMANDS } from './shell-commands.js';
import { SHELLS } from './shells.js';
import { plainCommandNames } from '../programs/commands.js';

const KNOWN = new Set([...SHELL_COMMANDS, ...SHELLS, ...plainCommandNames]);
const PATH = /^\/(usr\/(local\/)?)?s?bin\/([^/]+)$/;

const START =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed';
const EXEC = 'OCI runtime exec failed: exec failed';
const INIT = 'unable to start container process: error during container init';

type Image = Pick<ImageBehaviour, 'files' | 'isBare'>;

/** Why there is no such program among those that are simulated; undefined where it is there, or in a volume, where nobody can tell. */
function whyMissing(name: string, mounts: ContainerConfig['mounts'], { files = {} }: Image): string | undefined {
  if (Object.hasOwn(files, name)) return undefined;
  const said = (why: string) => `exec: ${JSON.stringify(name)}: ${why}`;
  if (!name.includes('/')) return KNOWN.has(name) ? undefined : said('executable file not found in $PATH');
  const inPath = PATH.exec(name)?.[3];
  const mounted = mounts.some(({ containerPath }) => name.startsWith(`${containerPath.replace(/\/$/, '')}/`));
  const known = mounted || !name.startsWith('/') || (inPath !== undefined && KNOWN.has(inPath));
  return known ? undefined : said(`stat ${name}: no such file or directory`);
}

/**
 * What a container runtime says where the program a container is to run is not in its image; undefined where it is, or
 * where nobody can tell: what is in volumes, or in images that are known by name only.
 */
export function missingProgram(config: ContainerConfig, behaviour: ImageBehaviour): string | undefined {
  const [name] = givenCommand(config, behaviour) ?? [];
  const why =
    name === undefined || behaviour.program !== 'shell' ? undefined : whyMissing(name, config.mounts, behaviour);
  return why && `${START}: ${INIT}: ${why}`;
}

/** The same of a command that is run beside the container's program. */
export function missingCommand(
  [name = '']: readonly string[],
  { mounts }: Pick<ContainerConfig, 'mounts'>,
  image: Image,
): string | undefined {
  const why = image.isBare
    ? `exec: ${JSON.stringify(name)}: executable file not found in $PATH`
    : whyMissing(name, mounts, image);
  return why && `${EXEC}: unable to start container process: ${why}: unknown`;
}
