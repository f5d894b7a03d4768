import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { PersistentVolume, Pod, Volume, VolumeMount } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { Mount } from '@binnacle/node-cri';
import type { EnvironmentSources } from '../environment/container-environment.js';
import { expandAll } from '../environment/expand.js';
import type { PodPlace } from '../environment/field-ref.js';
import { findContainer, podUid } from '../pod/identity.js';
import type { TokenSource } from './pod-tokens.js';
import type { PodVolumes } from './pod-volumes.js';
import type { AttachedVolumes } from './attached-volumes.js';
import { writeVolume } from './atomic-writer.js';
import { type ClaimSource, claimNameOf } from './claim-source.js';
import { diskUsage } from './disk-usage.js';
import { prepareHostPath } from './host-path.js';
import { HOSTS_PATH, nodeHosts } from './node-hosts.js';
import { persistentDirectory } from './persistent-directory.js';
import { readVolumeFile } from './read-file.js';
import { safeSubPath } from './sub-path.js';
import { volumeFiles } from './volume-files.js';
import { VolumeRemains } from './volume-remains.js';

type Variables = Readonly<Record<string, string>>;

const isFilled = ({ configMap, secret, downwardAPI, projected }: Volume) =>
  configMap !== undefined || secret !== undefined || downwardAPI !== undefined || projected !== undefined;

/** Keeps a path given by a Pod below where it belongs. */
const below = (directory: string, path: string): string => join(directory, normalize(`/${path}`));

/** Everybody in the Pod writes into an empty one, as upstream. */
const EMPTY_MODE = 0o777;
const GROUP_INHERITED = 0o2000;
const OWNER_ALONE = 0o700;
const READ_BY_ALL = 0o644;

async function makeEmpty(directory: string, { spec }: Pod): Promise<void> {
  await mkdir(dirname(directory), { recursive: true, mode: OWNER_ALONE });
  const made = await mkdir(directory, { recursive: true });
  const group = spec?.securityContext?.fsGroup === undefined ? 0 : GROUP_INHERITED;
  if (made !== undefined) await chmod(directory, EMPTY_MODE | group);
}

export interface DirectoryVolumeOptions {
  /** All volumes are below it; nothing else of this machine is ever shown to a Pod. */
  readonly root: string;
  readonly sources: EnvironmentSources;
  readonly tokens: TokenSource;
  readonly claims: ClaimSource;
  /** What is attached to the node. */
  readonly attached: AttachedVolumes;
  readonly place: Omit<PodPlace, 'podIp'>;
}

/** Volumes as plain directories of the agent's own: a simulated node's hostPath is not this machine's. */
export class DirectoryVolumes implements PodVolumes {
  private readonly remains: VolumeRemains;

  constructor(private readonly options: DirectoryVolumeOptions) {
    this.remains = new VolumeRemains(options.root);
  }

  async prepare(ctx: Context, pod: Pod): Promise<void> {
    for (const volume of pod.spec?.volumes ?? []) await this.fill(ctx, pod, volume);
  }

  async refresh(ctx: Context, pod: Pod): Promise<void> {
    for (const volume of (pod.spec?.volumes ?? []).filter(followsSources)) await this.fill(ctx, pod, volume);
  }

  private async fill(ctx: Context, pod: Pod, volume: Volume): Promise<void> {
    if (claimNameOf(pod, volume) !== undefined) return await this.fillClaim(ctx, pod, volume);
    const { sources, tokens, place } = this.options;
    const scope = { ctx, pod, place: { ...place, podIp: pod.status?.podIP ?? '' }, sources, tokens };
    const files = await volumeFiles(scope, volume).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`MountVolume.SetUp failed for volume "${volume.name}" : ${reason}`);
    });
    const directory = this.directory(pod, volume);
    if (volume.hostPath) return await this.fillHostPath(volume, directory);
    if (!files) return await makeEmpty(directory, pod);
    await mkdir(dirname(directory), { recursive: true, mode: OWNER_ALONE });
    await writeVolume(directory, files);
  }

  /** A link leads from the Pod to the volume, which stays when the Pod goes. */
  private async fillClaim(ctx: Context, pod: Pod, volume: Volume): Promise<void> {
    const { root, claims, place } = this.options;
    const persistent = await claims.volumeOf(ctx, pod, volume);
    await this.attach(ctx, pod, volume, persistent);
    const directory = persistentDirectory(persistent, place.nodeName);
    const { path, type = 'DirectoryOrCreate' } = persistent.spec?.hostPath ?? {};
    if (path) await this.fillHostPath({ name: volume.name, hostPath: { path, type } }, join(root, directory));
    else await makeEmpty(join(root, directory), pod);
    await this.remains.note(persistent, directory);
    const link = this.directory(pod, volume);
    await mkdir(dirname(link), { recursive: true, mode: OWNER_ALONE });
    await rm(link, { recursive: true, force: true });
    await symlink(join(root, directory), link);
  }

  private async attach(ctx: Context, pod: Pod, { name }: Volume, persistent: PersistentVolume): Promise<void> {
    const { claims, attached } = this.options;
    const unique = await claims.attachmentOf(ctx, persistent);
    if (unique === undefined) return;
    await attached.require(ctx, podUid(pod), unique).catch((error: unknown) => {
      ctx.signal.throwIfAborted();
      const about = `unmounted volumes=[${name}], unattached volumes=[${name}], failed to process volumes=[]`;
      throw new Error(`Unable to attach or mount volumes: ${about}: ${error instanceof Error ? error.message : error}`);
    });
  }

  private async fillHostPath({ name, hostPath }: Volume, file: string): Promise<void> {
    const { path = '', type = '' } = hostPath ?? {};
    const { nodeName, hostIp } = this.options.place;
    const hosts = join(this.hostRoot, HOSTS_PATH);
    try {
      await prepareHostPath(hosts, HOSTS_PATH, 'FileOrCreate', nodeHosts(nodeName, hostIp));
      await prepareHostPath(file, path, type);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`MountVolume.SetUp failed for volume "${name}" : ${reason}`);
    }
  }

  private get hostRoot(): string {
    return join(this.options.root, 'host-paths', this.options.place.nodeName);
  }

  mounts(pod: Pod, container: string, env: Variables): readonly Mount[] {
    return (findContainer(pod, container)?.volumeMounts ?? []).flatMap((mount) => {
      const { name, mountPath, readOnly } = mount;
      const volume = pod.spec?.volumes?.find((each) => each.name === name);
      if (!volume) return [];
      const hostPath = this.part(pod, volume, subPathOf(mount, env), container);
      const medium = volume.emptyDir?.medium === 'Memory' ? { medium: 'Memory' as const } : {};
      const readonly = readOnly === true || volume.persistentVolumeClaim?.readOnly === true || isFilled(volume);
      return [{ hostPath, containerPath: mountPath, readonly, ...medium }];
    });
  }

  private part(pod: Pod, volume: Volume, path: string, container: string): string {
    try {
      return safeSubPath(this.directory(pod, volume), path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const mount = `volumeMount "${volume.name}" of container "${container}"`;
      throw new Error(`failed to prepare subPath for ${mount}: ${why}`, { cause: error });
    }
  }

  async read(pod: Pod, name: string, path: string): Promise<string> {
    const volume = pod.spec?.volumes?.find((each) => each.name === name);
    if (!volume?.emptyDir) throw new Error(`cannot find the volume "${name}" referenced by FileKeyRef`);
    return await readVolumeFile(this.directory(pod, volume), path);
  }

  async used(pod: Pod, name: string, most: number): Promise<number> {
    const volume = pod.spec?.volumes?.find((each) => each.name === name);
    return volume?.emptyDir ? await diskUsage(this.directory(pod, volume), most) : 0;
  }

  async keepFile(pod: Pod, name: string, text: string): Promise<string> {
    const file = join(this.podDirectory(pod), name);
    await mkdir(dirname(file), { recursive: true, mode: OWNER_ALONE });
    await writeFile(file, text, { mode: READ_BY_ALL });
    return file;
  }

  letGo(pod: Pod): void {
    this.options.attached.release(podUid(pod));
  }

  async remove(pod: Pod): Promise<void> {
    this.letGo(pod);
    this.options.tokens.forget(pod);
    await rm(this.podDirectory(pod), { recursive: true, force: true });
  }

  private podDirectory(pod: Pod): string {
    return join(this.options.root, 'pods', podUid(pod));
  }

  private directory(pod: Pod, volume: Volume): string {
    if (volume.hostPath) return below(this.hostRoot, volume.hostPath.path);
    return below(join(this.podDirectory(pod), 'volumes'), volume.name);
  }
}

/** Which part of its volume a mount shows. Throws for one that cannot be said or could lie elsewhere. */
function subPathOf({ subPath = '', subPathExpr }: VolumeMount, env: Variables): string {
  const path = subPathExpr ? expandAll(subPathExpr, env) : subPath;
  if (path.startsWith('/')) throw new Error(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..')) throw new Error(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}

/** Whether what a volume holds changes with the objects it is made from. */
export const followsSources = (volume: Volume): boolean => isFilled(volume);
