import { inTurns } from '@binnacle/server-flow-control';
import { formatYaml } from '@binnacle/machinery-yaml';
import type { Encoding } from '../request/media-types.js';

/** A list or a Table, of which everything but one member is short. */
export interface Collection {
  readonly head: object;
  readonly member: 'items' | 'rows';
  /** Of each element, its JSON in one or several pieces. */
  readonly elements: readonly (readonly (string | Buffer)[])[];
}

type Pieces = (string | Buffer)[];

function asJson({ head, member, elements }: Collection): Pieces {
  const pieces: Pieces = [`${JSON.stringify(head).slice(0, -1)},"${member}":[`];
  elements.forEach((element, at) => {
    if (at > 0) pieces.push(',');
    pieces.push(...element);
  });
  pieces.push(']}\n');
  return pieces;
}

/** A text that ends in empty lines is followed by the end of the document, where more of it is to come here. */
const DOCUMENT_END = '...\n';
const yamlOf = (value: unknown): string => {
  const text = formatYaml(value, { sorted: true });
  return text.endsWith(`\n${DOCUMENT_END}`) ? text.slice(0, -DOCUMENT_END.length) : text;
};

/** The members of the head whose names stand before, or behind, that of the elements. */
function part(head: object, keep: (key: string) => boolean): string {
  const members = Object.entries(head).filter(([key]) => keep(key));
  return members.length > 0 ? yamlOf(Object.fromEntries(members)) : '';
}

/** YAML is written element by element, since nothing else of the server moves while one is written. */
async function asYaml({ head, member, elements }: Collection, signal: AbortSignal): Promise<Pieces> {
  const texts = await inTurns(elements, signal, (element) => yamlOf([JSON.parse(element.map(String).join(''))]));
  const opening = elements.length > 0 ? `${member}:\n` : `${member}: []\n`;
  return [part(head, (key) => key < member), opening, ...texts, part(head, (key) => key > member)];
}

/** The text of a collection, letting other requests in between. Rejects when the signal aborts. */
export async function collectionPieces(
  collection: Collection,
  { format }: Pick<Encoding, 'format'>,
  signal: AbortSignal,
): Promise<Pieces> {
  return format === 'yaml' ? asYaml(collection, signal) : asJson(collection);
}
