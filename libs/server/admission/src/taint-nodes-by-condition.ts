import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { TAINT_NODE_NOT_READY } from '@binnacle/apis-kubernetes/well-known';
import type { AdmissionAttributes, RequestContext } from '@binnacle/server-registry';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

/** A new node takes no Pods before the node controller has seen it ready. */
export class TaintNodesByCondition implements AdmissionPlugin {
  readonly name = 'TaintNodesByCondition';

  admit(_ctx: RequestContext, attributes: AdmissionAttributes): void {
    const { operation, object } = attributes;
    if (operation !== 'CREATE' || !object || !isAbout(attributes, '', 'nodes')) return;
    const node = object as unknown as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === TAINT_NODE_NOT_READY && effect === 'NoSchedule')) return;
    node.spec = { ...node.spec, taints: [...taints, { key: TAINT_NODE_NOT_READY, effect: 'NoSchedule' }] };
  }
}
