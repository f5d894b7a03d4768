import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { Mount } from '@binnacle/node-cri';

/** The directories of a Pod's volumes on this machine. */
export interface PodVolumes {
  /** Makes what the Pod's volumes need. Rejects while something they need is missing. */
  prepare(ctx: Context, pod: Pod): Promise<void>;
  /** Brings what is already there up to date with what it was made from. */
  refresh(ctx: Context, pod: Pod): Promise<void>;
  /** `env` has the container's variables, which paths may name. Throws where a part of a volume cannot be had. */
  mounts(pod: Pod, container: string, env: Readonly<Record<string, string>>): readonly Mount[];
  /** Keeps a file that is the Pod's own, such as `etc-hosts`, and answers where; undefined where Pods see the machine's. */
  keepFile(pod: Pod, name: string, text: string): Promise<string | undefined>;
  /** The text of a file in an emptyDir volume. Rejects where there is none that may be read. */
  read(pod: Pod, volume: string, path: string): Promise<string>;
  /** Bytes that an emptyDir volume takes of the disk, counted until they are more than `most`. */
  used(pod: Pod, volume: string, most: number): Promise<number>;
  /** Nothing of the Pod runs any more: what was attached for it may be taken from the node. Its files stay. */
  letGo(pod: Pod): void;
  remove(pod: Pod): Promise<void>;
}
