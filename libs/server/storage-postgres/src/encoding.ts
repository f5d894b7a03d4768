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

/** Between groups. */
const GROUP_SEPARATOR = '\u001e';
/** Groups of one change that are kept, and characters of all. */
const MOST_GROUPS = 32;
const MOST_OF_GROUPS = 1024;

/** User, client, request id and groups; what is missing at the end is left out. */
export function encodeActor({ user, client, requestId, groups = [] }: Actor): string {
  const who = `${clean(user)}${KEY_SEPARATOR}${clean(client)}`;
  if (groups.length === 0) return requestId === undefined ? who : `${who}${KEY_SEPARATOR}${clean(requestId)}`;
  return `${who}${KEY_SEPARATOR}${clean(requestId ?? '')}${KEY_SEPARATOR}${groupsText(groups)}`;
}

const groupTexts = new WeakMap<readonly string[], string>();

/** The same users come again and again. */
function groupsText(groups: readonly string[]): string {
  const known = groupTexts.get(groups);
  if (known !== undefined) return known;
  let text = '';
  for (const group of groups.slice(0, MOST_GROUPS)) {
    const next: string = text === '' ? clean(group) : `${text}${GROUP_SEPARATOR}${clean(group)}`;
    if (next.length > MOST_OF_GROUPS) break;
    text = next;
  }
  groupTexts.set(groups, text);
  return text;
}

export function decodeActor(text: string): Actor {
  const [user = '', client = '', requestId, groups] = text.split(KEY_SEPARATOR);
  const named = groups === undefined ? requestId !== undefined : requestId !== '';
  return {
    user,
    client,
    ...(named && requestId !== undefined && { requestId }),
    ...(groups && { groups: groups.split(GROUP_SEPARATOR) }),
  };
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
