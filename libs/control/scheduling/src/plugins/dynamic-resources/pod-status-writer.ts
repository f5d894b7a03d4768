import type { ContainerExtendedResourceRequest, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Writer } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

/** Says on Pods which claim stands for their extended resources. */
export class PodStatusWriter {
  constructor(private readonly pods: Pick<Writer<Pod>, 'patch'>) {}

  async tell(
    ctx: Context,
    { metadata }: Pod,
    resourceClaimName: string,
    requestMappings: readonly ContainerExtendedResourceRequest[],
  ): Promise<void> {
    const { name = '', namespace, uid } = metadata;
    const status = { extendedResourceClaimStatus: { resourceClaimName, requestMappings } };
    await this.pods.patch(ctx, { name, namespace }, 'strategic', { metadata: { uid }, status }, 'status');
  }
}
