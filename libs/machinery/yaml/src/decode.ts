import { newRequestEntityTooLarge, quote } from '@binnacle/machinery-meta';
import { YamlSyntaxError } from './errors.js';
import { formatFloat } from './go-text.js';
import { Lines } from './lines.js';
import { type AliasNode, type MapNode, MAX_YAML_DEPTH, type ScalarNode, type YamlNode } from './nodes.js';
import { BINARY_TAG, MERGE_TAG, NULL_TAG, resolvePlain, resolveTagged, type Scalar } from './resolve.js';

type Json = Record<string, unknown>;

/** More keys given twice are only counted. */
const MAX_REPEATED = 100;

/** Up to so many steps nearly all may come of aliases, from so many on a tenth. Those of go-yaml. */
const [FEW_STEPS, MANY_STEPS] = [400_000, 4_000_000];

function allowedShare(steps: number): number {
  if (steps <= FEW_STEPS) return 0.99;
  if (steps >= MANY_STEPS) return 0.1;
  return 0.99 - 0.89 * ((steps - FEW_STEPS) / (MANY_STEPS - FEW_STEPS));
}

function setMember(object: Json, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function fromBase64(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll(/[\r\n]/g, '')), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    throw new Error('!!binary value contains invalid base64 data');
  }
}

export interface DecodedYaml {
  readonly value: unknown;
  /** Keys given twice, each as `line 3: key "a" already set in map`. */
  readonly repeated: readonly string[];
}

/**
 * Makes JSON values of a tree, in the steps of go-yaml v2's decoder and of sigs.k8s.io/yaml's conversion to JSON. Values that
 * are shared by an alias are made anew at each place.
 */
export class YamlDecoder {
  private readonly repeated: string[] = [];
  private readonly lines: Lines;
  private readonly openAliases = new Set<AliasNode>();
  private repetitions = 0;
  private steps = 0;
  private aliasSteps = 0;
  private aliasSize = 0;
  private depth = 0;

  /** `maxSize` bounds the characters that aliases may add to the text's own. */
  constructor(
    private readonly text: string,
    private readonly maxSize: number,
  ) {
    this.lines = new Lines(text);
  }

  decode(root: YamlNode | undefined): DecodedYaml {
    const value = root ? this.value(root) : null;
    const more = this.repetitions - this.repeated.length;
    return { value, repeated: more > 0 ? [...this.repeated, `and ${more} more`] : this.repeated };
  }

  private fail(node: YamlNode, why: string): never {
    throw new YamlSyntaxError(why, this.lines.at(node.start));
  }

  private charge(node: YamlNode): void {
    this.steps += 1;
    if (this.openAliases.size === 0) return;
    this.aliasSteps += 1;
    this.aliasSize += 1 + (node.kind === 'scalar' ? node.text.length : 0);
    if (this.text.length + this.aliasSize > this.maxSize) throw newRequestEntityTooLarge(`limit is ${this.maxSize}`);
    if (this.aliasSteps <= 100 || this.steps <= 1_000) return;
    if (this.aliasSteps / this.steps > allowedShare(this.steps)) {
      this.fail(node, 'yaml: document contains excessive aliasing');
    }
  }

  private value(node: YamlNode): unknown {
    this.charge(node);
    if (this.depth >= MAX_YAML_DEPTH) this.fail(node, `yaml: exceeded max depth of ${MAX_YAML_DEPTH}`);
    this.depth += 1;
    const value = this.inside(node);
    this.depth -= 1;
    return value;
  }

  private inside(node: YamlNode): unknown {
    switch (node.kind) {
      case 'alias':
        return this.aliased(node, (target) => this.value(target));
      case 'list':
        return node.items.map((item) => this.value(item));
      case 'map':
        return this.map(node, {});
      case 'scalar':
        return this.scalarValue(node);
    }
  }

  private aliased<T>(node: AliasNode, use: (target: YamlNode) => T): T {
    if (this.openAliases.has(node)) this.fail(node, `yaml: anchor '${node.name}' value contains itself`);
    this.openAliases.add(node);
    const used = use(node.target);
    this.openAliases.delete(node);
    return used;
  }

  private scalar(node: ScalarNode): Scalar {
    if (node.tag === '') return node.plain ? resolvePlain(node.text) : { type: 'str', value: node.text };
    try {
      if (node.tag === BINARY_TAG) return { type: 'str', value: fromBase64(node.text) };
      return node.tag === NULL_TAG && node.text === '' ? resolvePlain('') : resolveTagged(node.tag, node.text);
    } catch (error) {
      return this.fail(node, `yaml: ${(error as Error).message}`);
    }
  }

  private scalarValue(node: ScalarNode): unknown {
    const { value } = this.scalar(node);
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const text = { '.inf': '+Inf', '-.inf': '-Inf', '.nan': 'NaN' }[formatFloat(value, 64)];
      this.fail(node, `json: unsupported value: ${text}`);
    }
    return value;
  }

  private map(node: MapNode, into: Json): Json {
    for (const [key, value] of node.members) {
      if (isMerge(key)) this.merge(value, into);
      else this.member(into, key, value);
    }
    return into;
  }

  private member(into: Json, key: YamlNode, valueNode: YamlNode): void {
    const { name, shown } = this.key(key, valueNode);
    const value = this.value(valueNode);
    if (Object.hasOwn(into, name)) {
      this.repetitions += 1;
      if (this.repeated.length < MAX_REPEATED) {
        this.repeated.push(`line ${this.lines.at(valueNode.start)}: key ${shown} already set in map`);
      }
    }
    setMember(into, name, value);
  }

  /** A key as JSON has it, and as Go shows it. */
  private key(node: YamlNode, value: YamlNode): { name: string; shown: string } {
    this.charge(node);
    if (node.kind === 'alias') return this.aliased(node, (target) => this.key(target, value));
    if (node.kind !== 'scalar') return this.fail(node, `yaml: invalid map key: ${goText(node)}`);
    const scalar = this.scalar(node);
    switch (scalar.type) {
      case 'null':
        return this.fail(node, `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goText(value)}`);
      case 'uint':
        return this.fail(
          node,
          `unsupported map key of type: uint64, key: 0x${scalar.value.toString(16)}, value: ${goText(value)}`,
        );
      case 'float':
        return same(formatFloat(scalar.value, 32));
      case 'int':
      case 'bool':
        return same(String(scalar.value));
      default:
        return { name: scalar.value, shown: quote(scalar.value) };
    }
  }

  private merge(node: YamlNode, into: Json): void {
    const sources = node.kind === 'list' ? [...node.items].reverse() : [node];
    for (const source of sources) {
      const map = source.kind === 'alias' ? source.target : source;
      if (map.kind !== 'map') {
        this.fail(source, 'yaml: map merge requires map or sequence of maps as the value');
      }
      this.mergeMap(source, map, into);
    }
  }

  private mergeMap(source: YamlNode, map: MapNode, into: Json): void {
    this.charge(source);
    if (this.depth >= MAX_YAML_DEPTH) this.fail(source, `yaml: exceeded max depth of ${MAX_YAML_DEPTH}`);
    this.depth += 1;
    if (source.kind === 'alias') this.aliased(source, () => this.map(map, into));
    else this.map(map, into);
    this.depth -= 1;
  }
}

const same = (name: string) => ({ name, shown: name });

function isMerge(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.text === '<<' && (node.tag === MERGE_TAG || (node.tag === '' && node.plain));
}

/** So much of a value is shown in a complaint. */
const SHOWN = 200;

/** How Go's %#v shows a value, cut. */
function goText(node: YamlNode): string {
  const text = goSyntax(node);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

/** Mostly of a template's `{{ x }}` that was never filled in. */
function goSyntax(node: YamlNode): string {
  switch (node.kind) {
    case 'alias':
      return `*${node.name}`;
    case 'list':
      return `[]interface {}{${node.items.map(goSyntax).join(', ')}}`;
    case 'map':
      return `map[interface {}]interface {}{${node.members.map(([key, value]) => `${goSyntax(key)}:${goSyntax(value)}`).join(', ')}}`;
    case 'scalar':
      return node.plain && resolvePlain(node.text).type === 'null' ? 'interface {}(nil)' : quote(node.text);
  }
}
