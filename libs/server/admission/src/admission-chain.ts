import { type Soon, soonEach } from '@binnacle/machinery-context';
import type { Admission, AdmissionAttributes, RequestContext } from '@binnacle/server-registry';

/** One rule of admission. `admit` may change the draft, `validate` only refuses; both throw or reject with a StatusError. */
export interface AdmissionPlugin {
  readonly name: string;
  admit?(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void>;
  validate?(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void>;
}

/** Runs plugins in order: all that change first, and once the object is valid all that check. */
export class AdmissionChain implements Admission {
  constructor(private readonly plugins: readonly AdmissionPlugin[]) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    return soonEach(this.plugins, (plugin) => plugin.admit?.(ctx, attributes));
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    return soonEach(this.plugins, (plugin) => plugin.validate?.(ctx, attributes));
  }
}

/** Whether a request is about objects of a kind themselves, not about a subresource. */
export function isAbout({ definition, subresource }: AdmissionAttributes, group: string, plural: string): boolean {
  return definition.group === group && definition.names.plural === plural && subresource === '';
}
