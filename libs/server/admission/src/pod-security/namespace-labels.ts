import { isSame, isStricter, type LevelVersion, type Policy, policyOf } from '@binnacle/apis-kubernetes/pod-security';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { FieldError } from '@binnacle/machinery-validation';
import { type AdmissionAttributes, invalid, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import { listKnown } from '../known-objects.js';
import { exemptWarning } from './exempt-warning.js';
import type { PodSecurityConfiguration } from './exemptions.js';
import { warningsOf } from './namespace-pods.js';

const textOf = (errors: readonly FieldError[]): string => JSON.stringify(errors);

/** Whether a namespace asks for what Pods in it may not keep yet. */
function isTightened(next: LevelVersion, old: LevelVersion): boolean {
  if (isSame(next, old) || next.level === 'privileged') return false;
  return next.version !== old.version || isStricter(next.level, old.level);
}

/** The labels by which namespaces ask for a standard. Behaves as upstream's ValidateNamespace. */
export class NamespaceLabels {
  constructor(
    private readonly storage: StorageReader,
    private readonly configuration: PodSecurityConfiguration,
  ) {}

  /** Throws Invalid for labels that say nothing known, unless they did before. */
  validate(ctx: RequestContext, { operation, definition, name, object, old }: AdmissionAttributes): Soon<void> {
    const { defaults } = this.configuration;
    const labels = object?.metadata.labels ?? {};
    const next = policyOf(labels, defaults);
    const before = policyOf(old?.metadata.labels, defaults);
    const isOld = operation === 'UPDATE' && textOf(next.errors) === textOf(before.errors);
    if (next.errors.length > 0 && !isOld) throw invalid(definition, name, next.errors);
    if (operation === 'CREATE') return this.warnIfExempt(ctx, name, next.policy, labels);
    if (!isTightened(next.policy.enforce, before.policy.enforce)) return;
    if (this.isExempt(name)) return this.warnIfExempt(ctx, name, next.policy, labels);
    return this.checkPods(ctx, name, next.policy.enforce);
  }

  private isExempt(name: string): boolean {
    return this.configuration.exemptions.namespaces.includes(name);
  }

  private warnIfExempt(ctx: RequestContext, name: string, policy: Policy, labels: Record<string, string>): void {
    if (!this.isExempt(name)) return;
    const warning = exemptWarning(name, policy, labels, this.configuration.defaults);
    if (warning !== undefined) ctx.warn(warning);
  }

  private checkPods(ctx: RequestContext, namespace: string, enforce: LevelVersion): Soon<void> {
    const scope = { cluster: ctx.cluster, resource: 'pods', namespace };
    return soon(
      listKnown(this.storage, ctx, scope),
      (stored): Soon<void> => (stored.length > 0 ? this.warnOfPods(ctx, { namespace, enforce }, stored) : undefined),
    );
  }

  private async warnOfPods(
    ctx: RequestContext,
    asked: { readonly namespace: string; readonly enforce: LevelVersion },
    stored: readonly StoredObject[],
  ): Promise<void> {
    const { runtimeClasses } = this.configuration.exemptions;
    for (const text of await warningsOf(ctx, { ...asked, runtimeClasses }, stored)) ctx.warn(text);
  }
}
