import {
  DEFAULT_SCALAR_STYLE_RULES,
  defineScalarTag,
  dump,
  FAILSAFE_SCHEMA,
  NOT_RESOLVED,
  SCALAR_STYLE,
  type ScalarLayout,
} from 'js-yaml';
import { formatFloat } from './go-text.js';
import { needsQuotes } from './resolve.js';

function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 64 ? BigInt(value).toString() : formatFloat(value, 64);
}

const NOT_TEXT = 'tag:yaml.org,2002:null';

/** Everything that stands without quotes and is no text; a text that would be read as such is quoted by the writer. */
const notText = defineScalarTag<boolean | number | null>(NOT_TEXT, {
  implicit: true,
  resolve: (text) => (needsQuotes(text) ? null : NOT_RESOLVED),
  identify: (value) => value === null || typeof value === 'boolean' || typeof value === 'number',
  represent: (value: unknown) => (typeof value === 'number' ? formatNumber(value) : String(value)),
});

const SCHEMA = FAILSAFE_SCHEMA.withTags(notText);

/** As a key it would merge what is beside it. */
const MERGE = '<<';

/** Go puts double quotes where a text would be read as something else, and single ones where it would be no YAML. */
function quoteMisread(layout: ScalarLayout): void {
  const { node, style, isKey } = layout;
  const isMisread = (isKey && node.value === MERGE) || needsQuotes(node.value);
  if (style === SCALAR_STYLE.PLAIN && node.tag !== NOT_TEXT && isMisread) {
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
  }
}

const STYLE_RULES = [quoteMisread, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];
const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export interface YamlWriteOptions {
  /** Keys in alphabetical order, as Go writes maps. */
  readonly sorted?: boolean;
}

/** Writes a JSON value so that every YAML 1.1 reader reads the same again. Behaves as sigs.k8s.io/yaml JSONToYAML. */
export function formatYaml(value: unknown, { sorted = false }: YamlWriteOptions = {}): string {
  return dump(value, {
    schema: SCHEMA,
    noRefs: true,
    lineWidth: -1,
    seqNoIndent: true,
    scalarStyleRules: STYLE_RULES,
    sortKeys: sorted && byName,
  });
}
