import type { KubeObject } from '@binnacle/machinery-meta';
import { type Strategy, keep, keepMetadata, specAndStatus } from '@binnacle/apis-registry';

interface WithStatus extends KubeObject {
  spec?: unknown;
  status?: unknown;
}

/** Besides the spec, who writes the status cannot change the metadata. */
function updateStatus(next: WithStatus, old: WithStatus): void {
  keep(next, old, 'spec');
  keepMetadata(next, old);
}

/** The rules both kinds of flow control have for who may change what. */
export const flowControlLifecycle: Strategy<KubeObject> = {
  resetFields: { status: [['spec'], ['metadata']] },
  prepareForCreate: specAndStatus.create(() => ({})),
  prepareForUpdate: specAndStatus.update,
  prepareForStatusUpdate: updateStatus,
  allowUnconditionalUpdate: true,
};
