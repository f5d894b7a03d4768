import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import type { TLSCertificate } from '@binnacle/apis-kubernetes/tls-certificates/v1';
import { StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectSource, RequestContext } from '@binnacle/server-registry';
import {
  encodeBody,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  parseBody,
  type ResourceSize,
  type Scope,
  type StorageReader,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import { readCertificate } from './read-certificate.js';
import { WatchOfOthers } from './watch-of-others.js';

/** As the store names them. */
const CERTIFICATES = 'networking.binnacle.dev/tlscertificates';
const SECRETS = 'secrets';
const TLS = 'kubernetes.io/tls';

const isTls = ({ attributes }: Pick<StoredObject, 'attributes'>): boolean => attributes.fields.type === TLS;

/** The same for as long as it is the same state of a Secret. */
const told = new WeakMap<StoredObject, StoredObject>();

function certificateOf(secret: Secret): TLSCertificate {
  const { name, namespace, uid, creationTimestamp, labels } = secret.metadata;
  return {
    apiVersion: 'networking.binnacle.dev/v1',
    kind: 'TLSCertificate',
    metadata: { name, namespace, uid, creationTimestamp, ...(labels && { labels }) },
    status: readCertificate(secret),
  };
}

function tell(stored: StoredObject): StoredObject {
  const known = told.get(stored);
  if (known) return known;
  const object = certificateOf(parseBody(stored) as unknown as Secret);
  const made: StoredObject = {
    key: { ...stored.key, resource: CERTIFICATES },
    revision: stored.revision,
    body: encodeBody(object as unknown as UnstructuredObject),
    attributes: { labels: stored.attributes.labels, fields: {} },
  };
  told.set(stored, made);
  return made;
}

/** What is asked of certificates, asked of the Secrets they are in. */
function inSecrets({ equal: _, index: __, matches, ...scope }: Scope): Scope {
  const fits: Scope['matches'] = (attributes, key, object) =>
    isTls(object) &&
    (matches?.({ labels: attributes.labels, fields: {} }, { ...key, resource: CERTIFICATES }, object) ?? true);
  return { ...scope, resource: SECRETS, matches: fits };
}

/** Tells of the certificates in Secrets, as they change, and in the past. Their resourceVersions are those of the Secrets. */
export class CertificateSource implements ObjectSource {
  constructor(private readonly storage: StorageReader) {}

  async get(ctx: RequestContext, key: Key, revision?: ListRevision): Promise<StoredObject | undefined> {
    const found = await this.storage.get(ctx, { ...key, resource: SECRETS }, revision);
    return found && isTls(found) ? tell(found) : undefined;
  }

  async list(ctx: RequestContext, scope: Scope, options: ListOptions): Promise<ListResult> {
    const result = await this.storage.list(ctx, inSecrets(scope), options);
    return { ...result, items: result.items.map(tell) };
  }

  async watch(ctx: RequestContext, scope: Scope, options: WatchOptions): Promise<Watch> {
    return new WatchOfOthers(await this.storage.watch(ctx, inSecrets(scope), options), tell);
  }

  async write(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'what certificates say is read in their Secrets and not written');
  }

  peek(key: Key): StoredObject | undefined {
    const found = this.storage.peek({ ...key, resource: SECRETS });
    return found && isTls(found) ? tell(found) : undefined;
  }

  /** A list looks through all Secrets. */
  sizeOf(cluster: string): ResourceSize | undefined {
    return this.storage.sizeOf?.(cluster, SECRETS);
  }
}
