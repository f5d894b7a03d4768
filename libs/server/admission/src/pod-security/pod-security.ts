import type { Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import {
  detailOf,
  formatLevelVersion,
  isFullyPrivileged,
  isSame,
  type LevelVersion,
  type PodMetadata,
  POD_SECURITY_PREFIX,
  policyOf,
  type ReadPolicy,
  type Violation,
  violationsOf,
} from '@binnacle/apis-kubernetes/pod-security';
import { type Soon, soon } from '@binnacle/machinery-context';
import { quote, StatusError } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import type { AdmissionPlugin } from '../admission-chain.js';
import { findKnown } from '../known-objects.js';
import { DEFAULT_POD_SECURITY, type PodSecurityConfiguration } from './exemptions.js';
import { NamespaceLabels } from './namespace-labels.js';
import { templateReader } from './pod-templates.js';
import { isSignificant } from './significant-update.js';

const IGNORED_SUBRESOURCES: ReadonlySet<string> = new Set([
  'attach',
  'binding',
  'eviction',
  'exec',
  'log',
  'portforward',
  'proxy',
  'status',
]);

/** What is judged, and by whom it was sent. */
interface Judged {
  readonly ctx: RequestContext;
  readonly attributes: AdmissionAttributes;
  readonly spec: PodSpec;
  readonly metadata: PodMetadata;
}

function annotate({ annotate: note }: RequestContext, key: string, value: string): void {
  note?.(`${POD_SECURITY_PREFIX}${key}`, value);
}

const kindOf = ({ definition: { group, names } }: AdmissionAttributes): string => `${group}/${names.plural}`;
const told = (how: string, standard: LevelVersion, found: readonly Violation[]): string =>
  `${how} PodSecurity ${quote(formatLevelVersion(standard))}: ${detailOf(found)}`;

/**
 * Refuses Pods that do not keep the standard their namespace asks for, and says so of what makes such Pods. Behaves as kubernetes
 * pod-security-admission admission.Admission.
 */
export class PodSecurity implements AdmissionPlugin {
  readonly name = 'PodSecurity';
  private readonly labels: NamespaceLabels;
  /** Of namespaces as they are, for as long as they are so. */
  private readonly policies = new WeakMap<StoredObject, ReadPolicy>();

  constructor(
    private readonly storage: StorageReader,
    private readonly configuration: PodSecurityConfiguration = DEFAULT_POD_SECURITY,
  ) {
    this.labels = new NamespaceLabels(storage, configuration);
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { operation, object } = attributes;
    if (!object || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    const kind = kindOf(attributes);
    if (kind === '/pods') return this.pod(ctx, attributes);
    if (attributes.subresource !== '') return;
    if (kind === '/namespaces') return this.labels.validate(ctx, attributes);
    const read = templateReader(kind);
    if (!read || this.isExempt(ctx, attributes)) return;
    return soon(this.policy(ctx, attributes), (found) => {
      if (!found) return annotate(ctx, 'error', `failed to lookup namespace ${quote(attributes.namespace)}`);
      const { warn, audit } = found.policy;
      if (found.errors.length === 0 && warn.level === 'privileged' && audit.level === 'privileged') return;
      const template = read(object);
      if (template?.spec)
        this.judge(found, { ctx, attributes, spec: template.spec, metadata: template.metadata ?? {} });
    });
  }

  private pod(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { subresource, operation } = attributes;
    if (IGNORED_SUBRESOURCES.has(subresource) || this.isExempt(ctx, attributes)) return;
    return soon(this.policy(ctx, attributes), (found) => {
      if (!found) throw unknownNamespace(attributes);
      if (found.errors.length === 0 && isFullyPrivileged(found.policy))
        return annotate(ctx, 'enforce-policy', 'privileged:latest');
      const { metadata, spec } = attributes.object as unknown as Pod;
      const old = attributes.old as unknown as Pod | undefined;
      if (!spec || (operation === 'UPDATE' && old?.spec && !isSignificant(spec, old.spec))) return;
      this.enforce(found, { ctx, attributes, spec, metadata });
    });
  }

  private isExempt(ctx: RequestContext, { namespace }: AdmissionAttributes): boolean {
    const { namespaces, usernames } = this.configuration.exemptions;
    const isNamespace = namespaces.includes(namespace);
    if (!isNamespace && !usernames.includes(ctx.user.name)) return false;
    annotate(ctx, 'exempt', isNamespace ? 'namespace' : 'user');
    return true;
  }

  private policy(ctx: RequestContext, { namespace }: AdmissionAttributes): Soon<ReadPolicy | undefined> {
    const key = { cluster: ctx.cluster, resource: 'namespaces', namespace: '', name: namespace };
    return soon(findKnown(this.storage, ctx, key), (found) => found && this.policyOf(found));
  }

  private policyOf(namespace: StoredObject): ReadPolicy {
    const known = this.policies.get(namespace);
    if (known) return known;
    const read = policyOf(namespace.attributes.labels, this.configuration.defaults);
    this.policies.set(namespace, read);
    return read;
  }

  private isOfExemptClass({ ctx, spec }: Judged): boolean {
    const { runtimeClasses } = this.configuration.exemptions;
    if (!spec.runtimeClassName || !runtimeClasses.includes(spec.runtimeClassName)) return false;
    annotate(ctx, 'exempt', 'runtimeClass');
    return true;
  }

  private enforce(read: ReadPolicy, judged: Judged): void {
    if (this.isOfExemptClass(judged)) return;
    const { ctx, attributes, spec, metadata } = judged;
    const { enforce } = read.policy;
    const found = violationsOf(enforce, spec, metadata);
    annotate(ctx, 'enforce-policy', formatLevelVersion(enforce));
    const isRefused = found.length > 0;
    this.tell(read, judged, isRefused);
    if (isRefused) throw forbidden(attributes.definition, attributes.name, told('violates', enforce, found));
  }

  private judge(read: ReadPolicy, judged: Judged): void {
    if (!this.isOfExemptClass(judged)) this.tell(read, judged, false);
  }

  /** What goes to the audit log; and to who asks, unless it is refused anyway. */
  private tell(
    { policy: { audit, warn }, errors }: ReadPolicy,
    { ctx, spec, metadata }: Judged,
    isRefused: boolean,
  ): void {
    if (errors.length > 0) {
      const faults = errors.map(({ field, message }) => `${field}: ${message}`);
      const all = faults.length > 1 ? `[${faults.join(', ')}]` : faults.join('');
      annotate(ctx, 'error', `Failed to parse policy: ${all}`);
    }
    const noted = violationsOf(audit, spec, metadata);
    if (noted.length > 0) annotate(ctx, 'audit-violations', told('would violate', audit, noted));
    if (isRefused) return;
    const warned = isSame(audit, warn) ? noted : violationsOf(warn, spec, metadata);
    if (warned.length > 0) ctx.warn(told('would violate', warn, warned));
  }
}

function unknownNamespace({ namespace }: AdmissionAttributes): StatusError {
  return new StatusError(
    500,
    'InternalError',
    `Internal error occurred: failed to lookup namespace ${quote(namespace)}`,
  );
}
