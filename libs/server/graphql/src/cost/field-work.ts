import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLSchema,
  isListType,
  type ValueNode,
} from 'graphql';
import { costOf } from './field-cost.js';
import { LIMITS, parsing, POINTS, USUAL_BODY } from './limits.js';
import type { Measure, Scan } from './measure.js';
import { usualArguments } from './usual-arguments.js';
import type { ValueCounter } from './values.js';

type Field = GraphQLField<unknown, unknown> | undefined;
type Work = Pick<Measure, 'operands' | 'sortKeys' | 'points' | 'pointsPerNode' | 'scans' | 'related'>;

/** Items of a list inside an object, such as the containers of a Pod. */
const USUAL_ITEMS = 3;
const USUAL_FIELDS = 10;
const USUAL_PAGE = 100;
const OBJECT = parsing(USUAL_BODY);

const argumentOf = ({ arguments: given }: FieldNode, name: string): ValueNode | undefined =>
  given?.find((argument) => argument.name.value === name)?.value;

/** What it takes to answer a field of one object, given what it takes to answer what is asked of the field. */
export class FieldWork {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly values: ValueCounter,
  ) {}

  of(node: FieldNode, field: Field, below: Measure): Work {
    const plain: Work = {
      operands: below.operands + this.operands(node, field),
      sortKeys: below.sortKeys + this.values.length(argumentOf(node, 'sort')),
      points: POINTS.field + below.points * (field ? this.usualItems(field) : 1),
      pointsPerNode: 0,
      scans: below.scans,
      related: below.related,
    };
    const cost = field && costOf(field.extensions);
    switch (cost?.kind) {
      case 'page':
        return { ...plain, ...this.page(node, cost.store, below) };
      case 'stream':
        return {
          ...plain,
          points: plain.points + OBJECT,
          scans: [...below.scans, this.stream(node, cost.store, below)],
        };
      case 'nodes':
        return { ...plain, points: POINTS.field, pointsPerNode: OBJECT + below.points };
      case 'relation': {
        const related = [...new Set([...below.related, ...cost.among()])];
        const found = cost.usual * (OBJECT + below.points);
        return { ...plain, points: POINTS.field + (cost.each ?? 0) + found, related };
      }
      default:
        return { ...plain, points: plain.points + (cost ? POINTS[cost.kind] : 0) };
    }
  }

  private page(node: FieldNode, store: Scan['store'], below: Measure): Pick<Work, 'points' | 'scans'> {
    const asked = this.values.number(argumentOf(node, 'first')) ?? USUAL_PAGE;
    const compared = this.compared(node);
    const scan: Scan = {
      store,
      namespace: this.namespace(node),
      pointsPerRow: compared > 0 ? POINTS.row + OBJECT + compared * POINTS.comparison : POINTS.row,
      told: Math.min(Math.max(0, asked), LIMITS.objects),
      pointsPerTold: below.pointsPerNode,
    };
    return { points: POINTS.read + below.points, scans: [...below.scans, scan] };
  }

  private stream(node: FieldNode, store: Scan['store'], { points }: Measure): Scan {
    const told = Number.MAX_SAFE_INTEGER;
    return { store, namespace: this.namespace(node), pointsPerRow: OBJECT, told, pointsPerTold: points };
  }

  private namespace(node: FieldNode): string {
    return this.values.text(argumentOf(node, 'namespace')) ?? '';
  }

  /** Values that each row is compared with. */
  private compared(node: FieldNode): number {
    return [argumentOf(node, 'filter'), argumentOf(node, 'sort')].reduce(
      (count, given) => count + (given && !this.values.isNull(given) ? this.values.count(given) : 0),
      0,
    );
  }

  private usualItems({ name, type }: NonNullable<Field>): number {
    if (!isListType(getNullableType(type))) return 1;
    const item = getNamedType(type).name;
    // The list of all types, which everything an introspection tells hangs from.
    if (item === '__Type' && name === 'types') return Object.keys(this.schema.getTypeMap()).length;
    if (item === '__InputValue' && name === 'args') return usualArguments(this.schema);
    return item.startsWith('__') ? USUAL_FIELDS : USUAL_ITEMS;
  }

  private operands({ arguments: given = [] }: FieldNode, field: Field): number {
    return given.reduce((count, { name, value }) => {
      const type = field?.args.find((argument) => argument.name === name.value)?.type;
      const values = this.values.count(value);
      // A whole manifest is one value to us, bounded as every body is.
      return count + (type && getNamedType(type).name === 'JSON' ? 1 : values);
    }, 0);
  }
}
