import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** Deeper than any sensible screen, and than introspection queries go. */
const DEEPEST = 18;
const MOST_FIELDS = 2000;

interface Size {
  readonly depth: number;
  readonly fields: number;
}

type Fragments = (name: string) => FragmentDefinitionNode | null | undefined;

const NOTHING: Size = { depth: 0, fields: 0 };

function both(left: Size, right: Size): Size {
  return { depth: Math.max(left.depth, right.depth), fields: left.fields + right.fields };
}

/** Measures a selection with its fragments written out; a fragment inside itself is another rule's to refuse. */
function measure(selections: SelectionSetNode | undefined, fragments: Fragments, inside: readonly string[]): Size {
  return (selections?.selections ?? []).reduce<Size>((size, node) => {
    if (size.fields > MOST_FIELDS || inside.length > DEEPEST) return { ...size, fields: MOST_FIELDS + 1 };
    if (node.kind === Kind.FIELD) return both(size, fieldSize(node, fragments, inside));
    if (node.kind === Kind.INLINE_FRAGMENT) return both(size, measure(node.selectionSet, fragments, inside));
    const name = node.name.value;
    if (inside.includes(name)) return size;
    return both(size, measure(fragments(name)?.selectionSet, fragments, [...inside, name]));
  }, NOTHING);
}

function fieldSize(node: FieldNode, fragments: Fragments, inside: readonly string[]): Size {
  const below = measure(node.selectionSet, fragments, inside);
  return { depth: below.depth + 1, fields: below.fields + 1 };
}

/** A validation rule: refuses operations that are nested too deeply or ask for too many fields, before any of it runs. */
export function limitOperations(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      const { depth, fields } = measure(node.selectionSet, (name) => context.getFragment(name), []);
      if (depth > DEEPEST)
        context.reportError(new GraphQLError(`the operation is ${depth} levels deep; at most ${DEEPEST} are allowed`));
      if (fields > MOST_FIELDS)
        context.reportError(new GraphQLError(`the operation asks for more than ${MOST_FIELDS} fields`));
    },
  };
}
