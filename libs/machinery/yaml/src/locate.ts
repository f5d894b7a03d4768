import { Lines } from './lines.js';
import { composeYaml, type ScalarNode, type YamlNode } from './nodes.js';
import { resolvePlain } from './resolve.js';

/** A step into a document: a key or an index. */
export type YamlStep = string | number;

/** The JSON types, in the words of Go's decoder. */
export type YamlType = 'string' | 'number' | 'bool' | 'null' | 'object' | 'array';

/** A field or a list's item, as it stands in the text. */
export interface YamlField {
  readonly path: readonly YamlStep[];
  /** 1-based. */
  readonly line: number;
  readonly type: YamlType;
  /** Of a scalar, as it was written. */
  readonly text: string;
}

function target(node: YamlNode): YamlNode {
  return node.kind === 'alias' ? target(node.target) : node;
}

/** Where a field's key (or a list's item) begins, and what it holds. */
function step(node: YamlNode, name: YamlStep): { start: number; inside: YamlNode } | undefined {
  const parent = target(node);
  if (parent.kind === 'list') {
    const item = typeof name === 'number' ? parent.items[name] : undefined;
    return item && { start: item.start, inside: item };
  }
  if (parent.kind !== 'map') return undefined;
  const member = parent.members.findLast(([key]) => key.kind === 'scalar' && key.text === String(name));
  return member && { start: member[0].start, inside: member[1] };
}

const SCALAR_TYPES = {
  str: 'string',
  timestamp: 'string',
  int: 'number',
  uint: 'number',
  float: 'number',
  bool: 'bool',
  null: 'null',
} as const;

function scalarType({ plain, tag, text }: ScalarNode): YamlType {
  return plain && tag === '' ? SCALAR_TYPES[resolvePlain(text).type] : 'string';
}

function typeOf(node: YamlNode): YamlType {
  if (node.kind === 'scalar') return scalarType(node);
  return node.kind === 'list' ? 'array' : 'object';
}

/** Finds the lines of fields in one text. */
export class YamlLocator {
  private readonly lines: Lines;
  private readonly root: YamlNode | undefined;

  /** @throws YamlSyntaxError for what is no YAML. */
  constructor(text: string) {
    this.lines = new Lines(text);
    this.root = composeYaml(text);
  }

  /** The 1-based line of a field, or of the nearest parent that is there; undefined if not even the first step is. */
  lineOf(path: readonly YamlStep[]): number | undefined {
    let node = this.root;
    let found: number | undefined;
    for (const name of path) {
      const next = node && step(node, name);
      if (!next) break;
      found = this.lines.at(next.start);
      node = next.inside;
    }
    return found;
  }

  /** Every field and item in the order of the text; what an alias stands for is not gone through again. */
  fields(): YamlField[] {
    const found: YamlField[] = [];
    const visit = (path: readonly YamlStep[], start: number, node: YamlNode): void => {
      const text = node.kind === 'scalar' ? node.text : '';
      found.push({ path, line: this.lines.at(start), type: typeOf(target(node)), text });
      inside(path, node);
    };
    const inside = (path: readonly YamlStep[], node: YamlNode): void => {
      if (node.kind === 'list') node.items.forEach((item, index) => visit([...path, index], item.start, item));
      if (node.kind !== 'map') return;
      for (const [key, value] of node.members) {
        if (key.kind === 'scalar') visit([...path, key.text], key.start, value);
      }
    };
    if (this.root) inside([], this.root);
    return found;
  }
}
