import type { Command } from 'commander';

const EXIT_CODE = 2;

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** Makes what the parser refuses one sentence with what to do, as everything else that is refused is. */
export function sayPlainly(command: Command): Command {
  command.configureOutput({
    outputError: (text, write) => {
      const why = text
        .trim()
        .replace(/^error: /, '')
        .replace(/\.?\n/g, ' ')
        .replace(/\.$/, '');
      write(`binnacle: ${why}; see "${nameOf(command)} --help"\n`);
    },
  });
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_CODE));
  for (const child of command.commands) sayPlainly(child as Command);
  return command;
}
