import { type Soon, soon, soonEach } from '@binnacle/machinery-context';
import type { Admission, AdmissionAttributes, RequestContext } from '@binnacle/server-registry';

/** One rule of admission. `admit` may change the draft, `validate` only refuses; both throw or reject with a StatusError. */
export interface AdmissionPlugin {
  readonly name: string;
  /** Its changes are made by who knows nothing of defaults, and what they stand for by default is put in behind it. */
  readonly mutatesFreely?: boolean;
  admit?(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void>;
  validate?(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void>;
}

/** Runs plugins in order: all that change first, and once the object is valid all that check. */
export class AdmissionChain implements Admission {
  constructor(private readonly plugins: readonly AdmissionPlugin[]) {}

  get names(): string[] {
    return this.plugins.map(({ name }) => name);
  }

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    return soonEach(this.plugins, (plugin) => {
      const admitted = plugin.admit?.(ctx, attributes);
      return plugin.mutatesFreely ? soon(admitted, () => applyDefaults(attributes)) : admitted;
    });
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    return soonEach(this.plugins, (plugin) => plugin.validate?.(ctx, attributes));
  }
}

function applyDefaults({ definition, object }: AdmissionAttributes): void {
  if (object) definition.strategy.applyDefaults?.(object);
}

/** Whether a request is about objects of a kind themselves, not about a subresource. */
export function isAbout({ definition, subresource }: AdmissionAttributes, group: string, plural: string): boolean {
  return definition.group === group && definition.names.plural === plural && subresource === '';
}
