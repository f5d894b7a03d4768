import type { UnstructuredObject } from '@binnacle/web-data';
import { parseYaml } from '../yaml/document.js';

/** One document of a text. */
export interface Document {
  readonly text: string;
  /** How many lines stand before it. */
  readonly before: number;
}

/** One object of a text: a document, or an item of a List. */
export interface Entry {
  /** Tells it from the others of its text. */
  readonly key: string;
  readonly document: Document;
  /** Where it stands within its document: empty, or `items[3]`. */
  readonly path: string;
  readonly object: UnstructuredObject;
}

/** A document that cannot be read. */
interface Misread {
  readonly message: string;
  /** 1-based, in the whole text. */
  readonly line: number;
}

export interface Reading {
  readonly entries: readonly Entry[];
  readonly misread: readonly Misread[];
}

const SEPARATOR = /^---(\s|$)/;
const isSilent = (line: string): boolean => /^\s*(#.*)?$/.test(line) || /^(---|\.\.\.)\s*$/.test(line);

/** The documents of a text, without those that say nothing. */
export function documentsOf(text: string): Document[] {
  const lines = text.split('\n');
  const starts = [0, ...lines.flatMap((line, index) => (index > 0 && SEPARATOR.test(line) ? [index] : []))];
  const all = starts.map((start, index) => ({ lines: lines.slice(start, starts[index + 1]), before: start }));
  return all
    .filter((each) => !each.lines.every(isSilent))
    .map(({ lines: [first = '', ...rest], before }) => ({
      // The mark stays as an empty line, so that lines count as they did.
      text: [first.replace(/^---/, '   '), ...rest].join('\n'),
      before,
    }));
}

function itemsOf(object: UnstructuredObject): readonly UnstructuredObject[] | undefined {
  const { kind, items } = object as { kind?: unknown; items?: unknown };
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList ? (items as UnstructuredObject[]) : undefined;
}

function entriesOf(document: Document, object: UnstructuredObject): Entry[] {
  const items = itemsOf(object);
  if (!items) return [{ key: `${document.before}`, document, path: '', object }];
  return items.map((item, index) => ({
    key: `${document.before}.${index}`,
    document,
    path: `items[${index}]`,
    object: item,
  }));
}

/** What is wrong with an object before any server is asked; undefined where nothing is. */
function shapeless({ object, path }: Entry): string | undefined {
  const { apiVersion, kind, metadata } = (object ?? {}) as Partial<Record<string, unknown>>;
  const missing = [
    typeof apiVersion === 'string' && apiVersion ? '' : 'apiVersion',
    typeof kind === 'string' && kind ? '' : 'kind',
    typeof metadata === 'object' && metadata !== null ? '' : 'metadata',
  ].filter(Boolean);
  const where = path && `${path}: `;
  return missing.length > 0 ? `${where}${missing.join(', ')} not set` : undefined;
}

/** Everything a text says, and what of it cannot be read. */
export function readEntries(text: string): Reading {
  const entries: Entry[] = [];
  const misread: Misread[] = [];
  for (const document of documentsOf(text)) {
    const parsed = parseYaml(document.text);
    if (!('object' in parsed)) {
      misread.push({ message: parsed.message, line: parsed.line + document.before });
      continue;
    }
    for (const entry of entriesOf(document, parsed.object)) {
      const message = shapeless(entry);
      if (message) misread.push({ message, line: document.before + 1 });
      else entries.push(entry);
    }
  }
  return { entries, misread };
}
