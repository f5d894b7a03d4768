import { readFile } from 'node:fs/promises';
import type { ContainerConfig } from '@binnacle/node-cri';
import { HOSTS_PATH, MOST_TEXT, type NameFiles, RESOLV_CONF_PATH } from './network/name-files.js';
import { sandboxFiles, type SimSandbox } from './sim-sandbox.js';

/** The files by which the programs of a container find names, as they are when somebody asks. */
export function containerNameFiles(sandbox: SimSandbox, { mounts }: ContainerConfig): () => Promise<NameFiles> {
  const mounted = async (path: string): Promise<string | undefined> => {
    const mount = mounts.find(({ containerPath }) => containerPath === path);
    const text = mount && (await readFile(mount.hostPath, 'utf8').catch(() => undefined));
    return text?.slice(0, MOST_TEXT);
  };
  return async () => ({
    hosts: (await mounted(HOSTS_PATH)) ?? '',
    resolvConf: (await mounted(RESOLV_CONF_PATH)) ?? sandboxFiles(sandbox)[RESOLV_CONF_PATH] ?? '',
  });
}
