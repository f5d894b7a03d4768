import type { KubeClient, ObjectName, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { type DeleteOptions, ignoreNotFound, type KubeObject } from '@binnacle/machinery-meta';

const NAMESPACE = 'default';

/** The objects of one kind in one namespace, as the administrator writes and reads them. */
export class Objects<T extends KubeObject> {
  constructor(
    private readonly ctx: Context,
    private readonly client: KubeClient,
    private readonly ref: ResourceRef,
    private readonly namespace = NAMESPACE,
  ) {}

  /** Without the parts that are the server's to say. */
  create(object: T): Promise<T> {
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, ...metadata } = object.metadata;
    const { namespace } = this;
    return this.all.create(this.ctx, {
      ...object,
      metadata: { ...metadata, ...(this.ref.namespaced && { namespace }) },
    });
  }

  get(name: string): Promise<T> {
    return this.all.get(this.ctx, this.at(name));
  }

  find(name: string): Promise<T | undefined> {
    return ignoreNotFound(this.get(name));
  }

  async list(): Promise<readonly T[]> {
    return (await this.all.list(this.ctx, this.ref.namespaced ? { namespace: this.namespace } : {})).items;
  }

  /** A merge patch. */
  change(name: string, patch: object, subresource?: string): Promise<T> {
    return this.all.patch(this.ctx, this.at(name), 'merge', patch, subresource);
  }

  /** Writes an object as it is given, with its resourceVersion where it has one. */
  update(object: T): Promise<T> {
    return this.all.update(this.ctx, object);
  }

  delete(name: string, options?: DeleteOptions): Promise<void> {
    return this.all.delete(this.ctx, this.at(name), options);
  }

  private get all() {
    return this.client.resource<T>(this.ref);
  }

  private at(name: string): ObjectName {
    return this.ref.namespaced ? { name, namespace: this.namespace } : { name };
  }
}
