import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { AdmissionAttributes, RequestContext } from '@binnacle/server-registry';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

const NOT_READY = 'node.kubernetes.io/not-ready';

/** A new node takes no Pods before the node controller has seen it ready. */
export class TaintNodesByCondition implements AdmissionPlugin {
  readonly name = 'TaintNodesByCondition';

  admit(_ctx: RequestContext, attributes: AdmissionAttributes): void {
    const { operation, object } = attributes;
    if (operation !== 'CREATE' || !object || !isAbout(attributes, '', 'nodes')) return;
    const node = object as unknown as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY && effect === 'NoSchedule')) return;
    node.spec = { ...node.spec, taints: [...taints, { key: NOT_READY, effect: 'NoSchedule' }] };
  }
}
