import {
  type Actor,
  type Attributes,
  KEY_SEPARATOR,
  type Key,
  type Revision,
  type StoredObject,
} from '@binnacle/server-storage';

/** A key as one string that sorts by resource, namespace, name. The cluster has a column of its own. */
export function encodeKey(key: Key): string {
  return `${key.resource}${KEY_SEPARATOR}${key.namespace}${KEY_SEPARATOR}${key.name}`;
}

export function decodeKey(cluster: string, text: string): Key {
  const first = text.indexOf(KEY_SEPARATOR);
  const second = text.indexOf(KEY_SEPARATOR, first + 1);
  return {
    cluster,
    resource: text.slice(0, first),
    namespace: text.slice(first + 1, second),
    name: text.slice(second + 1),
  };
}

export function encodeActor({ user, client, requestId }: Actor): string {
  const who = `${clean(user)}${KEY_SEPARATOR}${clean(client)}`;
  return requestId === undefined ? who : `${who}${KEY_SEPARATOR}${clean(requestId)}`;
}

export function decodeActor(text: string): Actor {
  const at = text.indexOf(KEY_SEPARATOR);
  const second = text.indexOf(KEY_SEPARATOR, at + 1);
  const user = text.slice(0, at);
  if (second < 0) return { user, client: text.slice(at + 1) };
  return { user, client: text.slice(at + 1, second), requestId: text.slice(second + 1) };
}

/** What a client says of itself must not make its write impossible to store. */
function clean(text: string): string {
  // Control characters are what it looks for.
  return text.replace(/[\u0000-\u001f]/g, ' ');
}

/** An object as it came from the database, which reads its attributes when somebody asks for them. */
export class LoadedObject implements StoredObject {
  private parsed: Attributes | undefined;
  readonly body: Buffer;

  constructor(
    readonly key: Key,
    readonly revision: Revision,
    body: string,
    private text: string,
  ) {
    this.body = Buffer.from(body);
  }

  get attributes(): Attributes {
    if (!this.parsed) {
      this.parsed = JSON.parse(this.text) as Attributes;
      this.text = '';
    }
    return this.parsed;
  }
}

export function encodeAttributes(attributes: Attributes): string {
  return JSON.stringify({ labels: attributes.labels, fields: attributes.fields });
}
