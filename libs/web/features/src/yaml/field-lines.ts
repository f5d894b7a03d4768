import { type YamlField, YamlLocator, type YamlStep } from '@binnacle/machinery-yaml';
import { isQuantity } from './quantity-fields.js';

const STEP = /([^.[\]]+)|\[(\d+)\]|\[([^\]]+)\]/g;

/** `spec.containers[0].image`, `labels[app.kubernetes.io/name]`: a path as the server writes it, in its steps. */
export function parseFieldPath(path: string): YamlStep[] {
  return [...path.matchAll(STEP)].map(([, key, index, quoted]) =>
    index !== undefined ? Number(index) : (key ?? quoted ?? '').replaceAll(/^["']|["']$/g, ''),
  );
}

/** What a server has complained of: a field by its path, or only by its place and the type it has. */
export interface Complaint {
  readonly field: string;
  readonly message: string;
}

const WRONG_TYPE = /cannot unmarshal (\S+)(?: (\S+))? into Go struct field \w+\.([\w.-]+) of type/;
const MENTIONED = /parsing time \\?"+([^"\\]+)/;

/** `spec.containers.env` without indexes is met by every `spec.containers[i].env` and by what is directly within. */
function isWithin(path: readonly YamlStep[], place: readonly string[]): boolean {
  const names = path.filter((part) => typeof part === 'string');
  const rest = names.length - place.length;
  return (rest === 0 || rest === 1) && place.every((name, index) => names[index] === name);
}

function wronglyTyped(fields: readonly YamlField[], message: string): YamlField | undefined {
  const [, type, literal, place] = WRONG_TYPE.exec(message) ?? [];
  if (!type || !place) return undefined;
  const names = place.split('.');
  const fits = (field: YamlField) => field.type === type && (!literal || Number(field.text) === Number(literal));
  const found = fields.filter((field) => isWithin(field.path, names) && fits(field));
  // The field itself rather than what it holds.
  const depth = (field: YamlField) => field.path.filter((part) => typeof part === 'string').length;
  return found.find((field) => depth(field) === names.length) ?? found[0];
}

/** Finds the lines of fields in one text, which is YAML. */
export class FieldLines {
  private readonly locator: YamlLocator;

  /** @throws YamlSyntaxError */
  constructor(yaml: string) {
    this.locator = new YamlLocator(yaml);
  }

  /** The 1-based line of a field, or of the nearest parent that is there; undefined if not even the first step is. */
  lineOf(path: string): number | undefined {
    return this.locator.lineOf(parseFieldPath(path));
  }

  /** The field a sentence speaks of that names no path: of a wrong type, of a time or quantity that cannot be read. */
  fieldOf(message: string): YamlField | undefined {
    const fields = this.locator.fields();
    const mentioned = MENTIONED.exec(message)?.[1];
    if (mentioned) return fields.find(({ text }) => text === mentioned);
    if (/quantit/i.test(message)) return fields.find((field) => !isQuantity(field));
    return wronglyTyped(fields, message);
  }
}

/** The path as the server writes paths. */
export function formatFieldPath(path: readonly YamlStep[]): string {
  const texts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /[.[\]]/.test(part) ? `[${part}]` : `.${part}`;
  });
  return texts.join('').replace(/^\./, '');
}
