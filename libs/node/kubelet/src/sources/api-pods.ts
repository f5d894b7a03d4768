import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { createInformer, type Informer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isMirrorPod, podUid } from '../pod/identity.js';
import { fromApi } from '../pod/source.js';
import type { PodWorkers } from '../worker/pod-workers.js';
import type { MirrorPods } from './mirror-pods.js';

/** The Pods the API server has bound to this node. */
export class ApiPodSource {
  readonly informer: Informer<Pod>;

  constructor(
    pods: ResourceClient<Pod>,
    nodeName: string,
    private readonly workers: PodWorkers,
    private readonly mirrors: MirrorPods,
  ) {
    this.informer = createInformer(pods, { selection: { fieldSelector: `spec.nodeName=${nodeName}` } });
    const seen = (pod: Pod) => this.seen(pod);
    this.informer.addHandler({ added: seen, updated: seen, deleted: (pod) => this.gone(pod) });
  }

  async start(ctx: Context): Promise<void> {
    void this.informer.run(ctx).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.error('the Pods of the node are no longer watched', { error });
    });
    await this.informer.synced();
    this.mirrors.start();
  }

  private seen(pod: Pod): void {
    if (isMirrorPod(pod)) this.mirrors.observe(pod);
    else this.workers.update(fromApi(pod), 'api');
  }

  private gone(pod: Pod): void {
    if (isMirrorPod(pod)) this.mirrors.gone(pod);
    else this.workers.stop(podUid(pod), { gone: true }, 'api');
  }
}
