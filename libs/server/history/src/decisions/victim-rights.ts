import type { DecisionRecord } from '@binnacle/apis-kubernetes/decisions/record';
import type { RequestContext } from '@binnacle/server-registry';
import type { MayRead } from '../changes/visible-changes.js';
import type { MayName } from './decision-object.js';

interface Told {
  readonly stored: { readonly namespace: string };
  readonly record: DecisionRecord;
}

/**
 * Whose Pods may be named to a reader of decisions. Who may see what was decided in a namespace need not see what runs in others,
 * and victims come from anywhere.
 */
export class VictimRights {
  private constructor(private readonly namespaces: ReadonlySet<string>) {}

  /** Asks for each namespace once. */
  static async of(ctx: RequestContext, mayRead: MayRead, decisions: readonly Told[]): Promise<VictimRights> {
    const others = new Set(
      decisions.flatMap(({ record }) => record.preemption?.victims.map((one) => one.namespace) ?? []),
    );
    const asked = [...others].map(async (namespace) => {
      const may = await mayRead(ctx, { verb: 'list', group: '', resource: 'pods', namespace, name: '' });
      return may ? [namespace] : [];
    });
    return new VictimRights(new Set((await Promise.all(asked)).flat()));
  }

  readonly mayName: MayName = ({ namespace }) => this.namespaces.has(namespace);
}
