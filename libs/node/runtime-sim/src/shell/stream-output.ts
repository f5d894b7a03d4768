import type { CommandNode, PipelineNode, ScriptNode, StatementNode, TransformPlugin, WordNode } from 'just-bash';

/** The command that tells its command's output at once; see `tellCommand`. */
export const TELL = '__tell';

/** Commands that only print: run apart from the shell's own state they do the same. */
const PRINTING = new Set(
  (
    'base64 cat curl cut date df echo env find grep gunzip gzip head hostname id jq ls nc nslookup pwd printenv printf ps sed ' +
    'seq sort stat tail tar tr uname uniq wc wget whoami yq zcat'
  ).split(' '),
);

type IfNode = Extract<CommandNode, { type: 'If' }>;
type CaseNode = Extract<CommandNode, { type: 'Case' }>;

const literal = (value: string): WordNode => ({ type: 'Word', parts: [{ type: 'Literal', value }] });

function nameOf(command: CommandNode | undefined): string | undefined {
  if (command?.type !== 'SimpleCommand') return undefined;
  const [part, ...more] = command.name?.parts ?? [];
  return part?.type === 'Literal' && more.length === 0 ? part.value : undefined;
}

/** Only the last command of a pipeline prints to where the script prints, unless it is sent elsewhere. */
function pipeline(node: PipelineNode): PipelineNode {
  const last = node.commands.at(-1);
  const name = nameOf(last);
  if (last?.type !== 'SimpleCommand')
    return { ...node, commands: node.commands.length === 1 ? node.commands.map(compound) : node.commands };
  const redirected = last.redirections.some(({ operator, fd }) => operator.includes('>') && (fd ?? 1) === 1);
  if (name === undefined || !PRINTING.has(name) || redirected || last.assignments.length > 0) return node;
  const told = { ...last, name: literal(TELL), args: [literal(name), ...last.args] };
  return { ...node, commands: [...node.commands.slice(0, -1), told] };
}

const statement = (node: StatementNode): StatementNode => ({ ...node, pipelines: node.pipelines.map(pipeline) });
const statements = (nodes: StatementNode[]): StatementNode[] => nodes.map(statement);

const ifNode = (node: IfNode): IfNode => ({
  ...node,
  clauses: node.clauses.map((clause) => ({ ...clause, body: statements(clause.body) })),
  elseBody: node.elseBody && statements(node.elseBody),
});

const caseNode = (node: CaseNode): CaseNode => ({
  ...node,
  items: node.items.map((item) => ({ ...item, body: statements(item.body) })),
});

/** Goes into loops and branches; a function's body may be called where its output is not the script's. */
function compound(node: CommandNode): CommandNode {
  if (node.type === 'FunctionDef' || ('redirections' in node && node.redirections.length > 0)) return node;
  if (node.type === 'If') return ifNode(node);
  if (node.type === 'Case') return caseNode(node);
  return 'body' in node ? ({ ...node, body: statements(node.body) } as CommandNode) : node;
}

/**
 * Shells here give their output only when the script has ended; a container's must be seen while it runs. So commands that
 * print to the script's own output are run through one that tells it at once.
 */
export function streamed(script: ScriptNode): ScriptNode {
  return { ...script, statements: statements(script.statements) };
}

export const streamOutput: TransformPlugin = {
  name: 'stream-output',
  transform: ({ ast }) => ({ ast: streamed(ast) }),
};
