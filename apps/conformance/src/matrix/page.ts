import type { Outcome } from './play.js';
import type { Section, Step } from './step.js';

/** What was seen of each command, by the kubectl's version such as `1.27`. */
export type Seen = ReadonlyMap<string, ReadonlyMap<string, string>>;

const cellOf = ({ fault, isOlder }: Outcome): string => (isOlder ? '–' : fault === undefined ? 'yes' : '**no**');

/** The cells of one kubectl. */
export function seenBy(outcomes: readonly Outcome[]): Map<string, string> {
  const cells = new Map<string, string>();
  for (const outcome of outcomes) {
    // A command that is typed more than once is one row, and good only where it always was.
    if (cells.get(outcome.command) !== '**no**') cells.set(outcome.command, cellOf(outcome));
  }
  return cells;
}

const inCell = (text: string): string => `\`${text.replaceAll('|', String.raw`\|`)}\``;

function expectationOf({ says, fails }: Step): string {
  const text = typeof says === 'string' ? says : says.source;
  const what = text === '^$' ? 'nothing' : inCell(text);
  return fails ? `refused: ${what}` : what;
}

const versionsOf = (seen: Seen): string[] =>
  [...seen.keys()].sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]));

function sectionLines({ title, steps }: Section, seen: Seen): string[] {
  const versions = versionsOf(seen);
  const rows = new Map<string, string>();
  for (const step of steps) {
    const cells = versions.map((version) => seen.get(version)?.get(step.command) ?? '');
    if (!rows.has(step.command))
      rows.set(step.command, `| ${inCell(step.command)} | ${expectationOf(step)} | ${cells.join(' | ')} |`);
  }
  const head = `| command | says | ${versions.join(' | ')} |`;
  return [`## ${title}`, '', head, `|---|---|${':-:|'.repeat(versions.length)}`, ...rows.values(), ''];
}

/** `docs/kubectl.md`. */
export function pageOf(sections: readonly Section[], seen: Seen): string {
  const count = new Set(sections.flatMap(({ steps }) => steps.map(({ command }) => command))).size;
  return [
    '# Every command of kubectl',
    '',
    `Each of these ${count} commands is typed with each kubectl there is, in a namespace of its own, against a cluster as \`binnacle up\` makes it.`,
    'What it prints must hold the words beside it, or match the pattern; `–` is a kubectl older than the command. `{ns}` is the namespace,',
    '`{node}` a Node and `{dir}` a folder with files (`apps/conformance/src/matrix/files.ts`).',
    '',
    'Written by `apps/conformance/src/kubectl-commands.e2e.test.ts`, which otherwise checks that it is still so with the oldest and the',
    'newest kubectl that it finds. With `BINNACLE_KUBECTL_PAGE=all` in its environment, or some versions in place of `all`, it writes',
    'what it saw.',
    '',
    ...sections.flatMap((section) => sectionLines(section, seen)),
  ].join('\n');
}

/** What a page says was seen. */
export function readPage(page: string): Map<string, Map<string, string>> {
  const seen = new Map<string, Map<string, string>>();
  let versions: string[] = [];
  for (const line of page.split('\n').filter((each) => each.startsWith('| '))) {
    const cells = line
      .slice(2, -2)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (cells[0] === 'command') versions = cells.slice(2);
    else noteRow(seen, versions, cells);
  }
  return seen;
}

function noteRow(seen: Map<string, Map<string, string>>, versions: readonly string[], cells: readonly string[]): void {
  const command = (cells[0] ?? '').slice(1, -1).replaceAll(String.raw`\|`, '|');
  for (const [index, version] of versions.entries()) {
    const column = seen.get(version) ?? new Map<string, string>();
    seen.set(version, column.set(command, cells[index + 2] ?? ''));
  }
}
