// What became of the mutants.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const KILLED = new Set(['killed', 'timed out']);
const counted = ({ end }) => end !== 'while loading';

const folderOf = ({ file }) =>
  file
    .split('/')
    .slice(2, 5)
    .filter((part) => part !== 'src')
    .join('/');

export function scores(mutants) {
  const folders = new Map();
  for (const mutant of mutants.filter(counted)) {
    const folder = folderOf(mutant);
    const at = folders.get(folder) ?? { folder, all: 0, killed: 0 };
    at.all += 1;
    if (KILLED.has(mutant.end)) at.killed += 1;
    folders.set(folder, at);
  }
  return [...folders.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

const percent = ({ all, killed }) => (all === 0 ? '-' : `${((100 * killed) / all).toFixed(1)} %`);
const total = (rows) =>
  rows.reduce((sum, { all, killed }) => ({ all: sum.all + all, killed: sum.killed + killed }), { all: 0, killed: 0 });

export function tell(mutants) {
  for (const { file, line, column, kind, before, after, end } of mutants)
    if (end === 'survived' || end === 'not covered')
      console.log(
        `${end}: ${file}:${line}:${column} ${kind}: ${before.replace(/\s+/g, ' ').slice(0, 80)} → ${after.slice(0, 40) || '(left out)'}`,
      );
  const rows = scores(mutants);
  for (const row of rows)
    console.log(
      `${row.folder.padEnd(50)} ${String(row.killed).padStart(5)}/${String(row.all).padEnd(5)} ${percent(row)}`,
    );
  console.log(`score: ${percent(total(rows))}`);
  const ends = new Map();
  for (const { end } of mutants) ends.set(end, (ends.get(end) ?? 0) + 1);
  console.log([...ends].map(([end, count]) => `${count} ${end}`).join(', '));
}

export function write(root, mutants, tests) {
  const rows = scores(mutants);
  const all = total(rows);
  const loading = mutants.filter(({ end }) => end === 'while loading').length;
  const table = rows.map((row) => `| \`${row.folder}\` | ${row.all} | ${row.killed} | ${percent(row)} |`);
  const file = join(root, 'docs', 'mutation.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${HEAD}\n${all.killed} of ${all.all} mutants were killed by ${tests} tests: ${percent(all)}. ${loading} more change a value that is made
while modules are loaded, and are left out.

| folder | mutants | killed | score |
|---|---|---|---|
${table.join('\n')}
| **all** | ${all.all} | ${all.killed} | **${percent(all)}** |
`,
  );
}

const HEAD = `# Mistakes that tests notice

Written by \`node tools/mutation/main.mjs --write\`. Each file of \`libs/control\` in which nothing waits (plans, and the pure functions
beside them) is changed in one place at a time: an operator, a condition, a text, a call. A change (*mutant*) that no unit and no loop
test of \`libs/control\` fails with has survived. Those that turn in circles count as killed.
`;
