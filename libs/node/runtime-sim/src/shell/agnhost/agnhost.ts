import { type CommandContext, type CustomCommand, defineCommand } from 'just-bash';
import type { RunPort } from '../commands.js';
import { connect } from './connect.js';
import { mounttest } from './mounttest.js';
import { dnsServerList, dnsSuffix, etcHosts } from './network-files.js';
import { failed, said, type Subcommand } from './subcommand.js';

/** The image has its program twice, to see which of them was run. */
const NAMES = ['agnhost', 'agnhost-2'];

const pausing: Subcommand = async (_, __, port) => {
  await port.tell('stdout', 'Paused\n');
  for (;;) await port.ask({ kind: 'sleep', milliseconds: 3_600_000 });
};

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  connect,
  'dns-server-list': dnsServerList,
  'dns-suffix': dnsSuffix,
  'etc-hosts': etcHosts,
  mounttest,
  pause: pausing,
};

async function run(name: string, words: readonly string[], ctx: CommandContext, port: RunPort) {
  const [subcommand = 'pause', ...flags] = words;
  // It says how it was called.
  if (subcommand === 'entrypoint-tester') return said(`[${[`/${name}`, ...words].join(' ')}]\n`);
  const known = Object.hasOwn(SUBCOMMANDS, subcommand) ? SUBCOMMANDS[subcommand] : undefined;
  if (!known) return failed(`Error: unknown command "${subcommand}" for "app"\nRun 'app --help' for usage.\n`);
  return await known(flags, ctx, port);
}

/** The programs of upstream's test image that end by themselves, as commands of the shell. */
export const agnhostCommands = (port: () => RunPort): CustomCommand[] =>
  NAMES.map((name) => defineCommand(name, async (words, ctx) => await run(name, words, ctx, port())));
