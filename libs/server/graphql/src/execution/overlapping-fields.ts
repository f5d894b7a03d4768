import {
  type ASTVisitor,
  type FieldNode,
  type FragmentSpreadNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type InlineFragmentNode,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Looking at a field in one place; sensible operations need as many as they have fields. */
const MOST_VISITS = 20_000;

interface Entry {
  readonly node: FieldNode;
  readonly parent: GraphQLNamedType | undefined;
  readonly field: GraphQLField<unknown, unknown> | undefined;
}

interface Part {
  readonly set: SelectionSetNode;
  readonly parent: GraphQLNamedType | undefined;
}

/** Ends a check that has become too long. */
class TooMuch extends Error {}

/** The shape a value has in the answer; fields that share a name in it must share this. */
function shapeOf(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return `${shapeOf(getNullableType(type) as GraphQLOutputType)}!`;
  if (isListType(type)) return `[${shapeOf(type.ofType as GraphQLOutputType)}]`;
  return isLeafType(type) ? type.name : '{}';
}

/** Name and arguments, in an order of their own. */
function askedFor({ name, arguments: given = [] }: FieldNode): string {
  const values = given.map((argument) => `${argument.name.value}:${print(argument.value)}`).sort();
  return `${name.value}(${values.join()})`;
}

/** One check of one operation. Groups fields by the name they have in the answer and compares each with the first of them. */
class Merging {
  private visits = 0;
  private readonly asked = new Map<FieldNode, string>();

  constructor(private readonly context: ValidationContext) {}

  check(parts: readonly Part[]): void {
    this.checkShapes(parts);
    this.checkFields(parts);
  }

  /** What shares a name in the answer has one shape, whatever object it is of. */
  private checkShapes(parts: readonly Part[]): void {
    for (const [name, entries] of this.collect(parts)) {
      const differs = this.conflict(entries, ({ field }) => (field ? shapeOf(field.type) : undefined));
      if (differs) this.report(name, 'they are of different types', differs);
      else this.checkShapes(insideOf(entries));
    }
  }

  /** What can be of one and the same object is the same field. */
  private checkFields(parts: readonly Part[]): void {
    for (const [name, entries] of this.collect(parts)) {
      for (const group of groupsOf(entries)) {
        const differs = this.conflict(group, ({ node }) => this.askedBy(node));
        if (differs) this.report(name, 'they are different fields or have different arguments', differs);
        else this.checkFields(insideOf(group));
      }
    }
  }

  private conflict(entries: readonly Entry[], of: (entry: Entry) => string | undefined): [Entry, Entry] | undefined {
    const [first] = entries;
    const other = first && entries.find((entry) => of(entry) !== of(first));
    return first && other && [first, other];
  }

  private askedBy(node: FieldNode): string {
    const asked = this.asked.get(node) ?? askedFor(node);
    this.asked.set(node, asked);
    return asked;
  }

  private collect(parts: readonly Part[]): Map<string, Entry[]> {
    const found = new Map<string, Entry[]>();
    const spread = new Set<string>();
    for (const part of parts) this.collectInto(found, part, spread);
    return found;
  }

  private collectInto(found: Map<string, Entry[]>, { set, parent }: Part, spread: Set<string>): void {
    for (const node of set.selections) {
      this.visits += 1;
      if (this.visits > MOST_VISITS) throw new TooMuch('too many fields overlap');
      if (node.kind === Kind.FIELD) {
        const entry = { node, parent, field: fieldOf(parent, node.name.value) };
        append(found, node.alias?.value ?? node.name.value, entry);
        continue;
      }
      const part = this.partOf(node, parent, spread);
      if (part) this.collectInto(found, part, spread);
    }
  }

  /** A fragment that is spread twice in one place says nothing new the second time. */
  private partOf(
    node: FragmentSpreadNode | InlineFragmentNode,
    parent: Part['parent'],
    spread: Set<string>,
  ): Part | undefined {
    const isSpread = node.kind === Kind.FRAGMENT_SPREAD;
    if (isSpread && spread.has(node.name.value)) return undefined;
    if (isSpread) spread.add(node.name.value);
    const fragment = isSpread ? this.context.getFragment(node.name.value) : node;
    const condition = fragment?.typeCondition?.name.value;
    const type = condition === undefined ? parent : this.context.getSchema().getType(condition);
    return fragment ? { set: fragment.selectionSet, parent: type } : undefined;
  }

  private report(name: string, why: string, [first, other]: [Entry, Entry]): void {
    const text = `Fields "${name}" conflict because ${why}. Use different aliases on the fields to fetch both.`;
    this.context.reportError(new GraphQLError(text, { nodes: [first.node, other.node] }));
  }
}

function append<K>(groups: Map<K, Entry[]>, key: K, entry: Entry): void {
  const group = groups.get(key);
  if (group) group.push(entry);
  else groups.set(key, [entry]);
}

const insideOf = (entries: readonly Entry[]): Part[] =>
  entries.flatMap(({ node, field }) =>
    node.selectionSet ? [{ set: node.selectionSet, parent: field && getNamedType(field.type) }] : [],
  );

/** Fields of different object types are never of one object; those of an interface may be of any. */
function groupsOf(entries: readonly Entry[]): Entry[][] {
  const byType = new Map<GraphQLNamedType, Entry[]>();
  const anywhere: Entry[] = [];
  for (const entry of entries) {
    if (!isObjectType(entry.parent)) anywhere.push(entry);
    else append(byType, entry.parent, entry);
  }
  if (byType.size === 0) return [anywhere];
  return [...byType.values()].map((group) => [...anywhere, ...group]);
}

function fieldOf(parent: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

/**
 * A validation rule in the place of OverlappingFieldsCanBeMerged, which compares every pair of fields with everything inside
 * them. Refuses the same operations, and besides those whose fields overlap beyond all sense.
 */
export function overlappingFields(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ selectionSet, operation }) {
      const parent = context.getSchema().getRootType(operation) ?? undefined;
      try {
        new Merging(context).check([{ set: selectionSet, parent }]);
      } catch (error) {
        if (!(error instanceof TooMuch)) throw error;
        context.reportError(new GraphQLError('too many fields of the operation overlap; name each once'));
      }
    },
  };
}
