import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { VolumeRemains } from '@binnacle/node-kubelet';

/** Removes what the volumes of a cluster held when they are gone, until the context aborts. */
export async function followVolumes(ctx: Context, client: KubeClient, root: string): Promise<void> {
  const volumes = createInformer(client.resource<PersistentVolume>(refs.persistentvolumes));
  const remains = new VolumeRemains(root);
  // One after the other: of two changes of a volume the later counts.
  let work: Promise<void> = Promise.resolve();
  const then = (next: () => Promise<void>) => {
    work = work.then(next).catch((error: unknown) => {
      ctx.logger.warn('what a volume held could not be removed', { error });
    });
  };
  const seen = (volume: PersistentVolume) => then(() => remains.seen(volume));
  volumes.addHandler({ added: seen, updated: seen, deleted: (volume) => then(() => remains.gone(volume)) });
  void volumes.synced().then(() => {
    const names = new Set(volumes.list().map(({ metadata }) => metadata.name ?? ''));
    then(() => remains.keepOnly(names));
  });
  await volumes.run(ctx);
  await work;
}
