import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { addDefaultTolerations } from '@binnacle/apis-kubernetes/kinds';
import type { AdmissionAttributes, RequestContext } from '@binnacle/server-registry';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

/** Lets a Pod stay five minutes on a node that is not ready or cannot be reached, unless it says otherwise. */
export class DefaultTolerationSeconds implements AdmissionPlugin {
  readonly name = 'DefaultTolerationSeconds';

  admit(_ctx: RequestContext, attributes: AdmissionAttributes): void {
    const { operation, object } = attributes;
    if (!object || !isAbout(attributes, '', 'pods') || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    const { spec } = object as unknown as Pod;
    if (spec) addDefaultTolerations(spec);
  }
}
