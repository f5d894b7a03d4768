import type { Context } from '@binnacle/machinery-context';
import { newForbidden } from '@binnacle/machinery-meta';
import { type AskFor, OpenRights, Permit, type PermitTerms } from '@binnacle/server-auth';

/** Rights that a test takes away while something stands open by them. */
export class ChangingRights {
  readonly open: OpenRights;
  /** Verbs nobody is allowed. */
  private refused: ReadonlySet<string> = new Set();
  private readonly listeners = new Set<() => void>();
  private readonly terms: PermitTerms;

  constructor(ctx: Context) {
    this.open = new OpenRights(ctx, {
      onChange: (_cluster, listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    });
    this.terms = { open: this.open, narrows: false };
  }

  /** From now on nobody may do these, and whoever does is asked again. */
  refuse(...verbs: string[]): void {
    this.refused = new Set(verbs);
    for (const listener of this.listeners) listener();
  }

  readonly permit: AskFor = (_ctx, attributes) => {
    const { resource = '', group = '' } = attributes.resource ?? {};
    if (this.refused.has(attributes.verb)) throw newForbidden({ group, resource }, '', 'no');
    return Permit.of(attributes, { allowed: true, reason: '' }, this.permit, this.terms);
  };
}
