import type { CommandContext } from 'just-bash';
import { said, type Subcommand } from './subcommand.js';

async function resolver(ctx: CommandContext, word: string): Promise<string> {
  const lines = (await ctx.fs.readFile('/etc/resolv.conf')).split('\n');
  const line = lines.find((each) => each.startsWith(word));
  if (!line) throw new Error('Could not find DNS search list!');
  return line.split(' ').slice(1).join(',');
}

export const dnsSuffix: Subcommand = async (_, ctx) => said(`${await resolver(ctx, 'search')}\n`);
export const dnsServerList: Subcommand = async (_, ctx) => said(`${await resolver(ctx, 'nameserver')}\n`);
export const etcHosts: Subcommand = async (_, ctx) => said(`${await ctx.fs.readFile('/etc/hosts')}\n`);
