import { parseLabelSelector } from '@binnacle/machinery-selectors';
import type { KubeObject, Status } from '@binnacle/machinery-meta';
import type {
  FollowRightsMessage,
  LiveHandlers,
  LiveTransport,
  Resource,
  SubscribeAnswer,
  SubscribeMessage,
  UnstructuredObject,
} from '@binnacle/web-data';

const keyOf = ({ apiVersion, kind, metadata }: KubeObject): string =>
  [apiVersion, kind, metadata.namespace ?? '', metadata.name].join('/');

function fieldOf(object: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
}

function fieldsMatch(object: KubeObject, selector: string): boolean {
  return selector.split(',').every((term) => {
    const [path = '', value = ''] = term.split('=');
    return String(fieldOf(object, path) ?? '') === value;
  });
}

const noValues = (values: unknown): object => Object.fromEntries(Object.keys(values ?? {}).map((key) => [key, null]));

/** What a subscription that asks for keys alone is sent. */
function keysOnly(object: UnstructuredObject): UnstructuredObject {
  return { ...object, ...(object.data !== undefined && { data: noValues(object.data) }) };
}

/** A line on which the objects a test names are live: what a query asks for is sent at once, and every change follows. */
export class ObjectLine implements LiveTransport {
  private handlers: LiveHandlers | undefined;
  private readonly objects = new Map<string, UnstructuredObject>();
  private readonly open = new Map<string, SubscribeMessage>();
  private readonly following = new Set<string>();
  private readonly refusals = new Map<string, Status>();
  private revision = 10;
  /** How often somebody has asked for a new line. */
  reopened = 0;

  constructor(
    private readonly resources: readonly Resource[],
    objects: readonly KubeObject[],
    /** False where no answer ever comes. */
    private readonly answers = true,
  ) {
    for (const object of objects) this.objects.set(keyOf(object), object as UnstructuredObject);
  }

  get subscriptions(): readonly SubscribeMessage[] {
    return [...this.open.values()];
  }

  start(handlers: LiveHandlers): void {
    this.handlers = handlers;
    if (this.answers) queueMicrotask(() => handlers.connected());
  }

  subscribe(message: SubscribeMessage): Promise<SubscribeAnswer> {
    const refusal = this.refusals.get(message.resource);
    if (refusal) return Promise.resolve({ error: refusal });
    this.open.set(message.id, message);
    queueMicrotask(() => this.send('snapshot', message.id, { items: this.found(message), first: true, last: true }));
    return Promise.resolve({ ok: true });
  }

  followRights({ id }: FollowRightsMessage): Promise<SubscribeAnswer> {
    this.following.add(id);
    return Promise.resolve({ ok: true });
  }

  unsubscribe(id: string): void {
    this.open.delete(id);
    this.following.delete(id);
  }

  /** What whoever looks may do has changed. */
  changeRights(): void {
    const ids = [...this.following];
    this.following.clear();
    for (const id of ids) this.handlers?.message('rights', { id });
  }

  reopen(): void {
    this.reopened += 1;
  }

  stop(): void {
    this.open.clear();
  }

  /** From now on nobody may see these. */
  refuse(resource: string, code: number, message: string): this {
    const reason = code === 403 ? 'Forbidden' : 'InternalError';
    this.refusals.set(resource, { kind: 'Status', apiVersion: 'v1', metadata: {}, code, reason, message });
    return this;
  }

  /** Objects come, or become others. */
  put(...objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const type = this.objects.has(keyOf(object)) ? 'MODIFIED' : 'ADDED';
      const resourceVersion = String((this.revision += 1));
      const next = { ...object, metadata: { ...object.metadata, resourceVersion } } as UnstructuredObject;
      this.objects.set(keyOf(object), next);
      this.tell(type, next);
    }
  }

  /** Objects go. */
  drop(...objects: readonly KubeObject[]): void {
    for (const object of objects) {
      this.revision += 1;
      this.objects.delete(keyOf(object));
      this.tell('DELETED', object as UnstructuredObject);
    }
  }

  /** The line is lost. */
  cut(): void {
    this.open.clear();
    this.handlers?.disconnected();
  }

  /** The line is there again. */
  mend(): void {
    this.handlers?.connected();
  }

  private tell(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: UnstructuredObject): void {
    for (const [id, message] of this.open) {
      if (!this.matches(object, message)) continue;
      this.send('changes', id, { changes: [{ type, object: message.keysOnly ? keysOnly(object) : object }] });
    }
  }

  private send(event: 'snapshot' | 'changes', id: string, fields: object): void {
    if (!this.open.has(id)) return;
    this.handlers?.message(event, { id, resourceVersion: String(this.revision), ...fields } as never);
  }

  private found(message: SubscribeMessage): UnstructuredObject[] {
    const found = [...this.objects.values()].filter((object) => this.matches(object, message));
    return message.keysOnly ? found.map(keysOnly) : found;
  }

  private matches(object: UnstructuredObject, query: SubscribeMessage): boolean {
    const { group, version, resource, namespace, labelSelector, fieldSelector } = query;
    const kind = this.resources.find((each) => each.group === group && each.resource === resource)?.kind;
    const apiVersion = group ? `${group}/${version}` : version;
    return (
      object.kind === kind &&
      object.apiVersion === apiVersion &&
      (!namespace || object.metadata.namespace === namespace) &&
      (!labelSelector || parseLabelSelector(labelSelector).matches(object.metadata.labels)) &&
      (!fieldSelector || fieldsMatch(object, fieldSelector))
    );
  }
}
