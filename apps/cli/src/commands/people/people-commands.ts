import type { Context } from '@binnacle/machinery-context';
import { Command, Option } from 'commander';
import { dataDirOption } from '../../command-options.js';
import * as people from './people.js';

const collect = (value: string, others: string[] = []): string[] => [...others, value];
const repeated = (flags: string, description: string) =>
  new Option(flags, `${description}; may be repeated`).argParser(collect);
const DISPLAY_NAME = ['--display-name <text>', 'what is shown instead of the name'] as const;
const EMAIL = ['--email <address>', 'where they are reached; nothing is sent there'] as const;
const TTL = 'for how long, such as 12h or 7d';

function sub(command: Command, name: string, description: string): Command {
  return command.command(name).description(description).addOption(dataDirOption());
}

/** `binnacle user add|list|password|sign-ins|disable|enable|remove` */
function userCommand(ctx: Context): Command {
  const command = new Command('user').description('make, list, disable and remove people who sign in');
  sub(command, 'add <name>', 'make a person, and show a first password')
    .option(...DISPLAY_NAME)
    .option(...EMAIL)
    .addOption(repeated('--team <name>', 'a team they belong to'))
    .action((name: string, flags: people.PersonFlags) => people.addUser(ctx, name, flags));
  sub(command, 'list', 'list people').action((flags: people.DataDirFlags) => people.listUsers(ctx, flags));
  sub(command, 'password <name>', 'give somebody a new password; their sessions and tokens end')
    .option(
      '--remove-sign-in-methods',
      'passkeys and identities at providers as well, so that nothing else lets them in',
    )
    .action((name: string, flags: people.ResetFlags) => people.newPassword(ctx, name, flags));
  sub(command, 'sign-ins <name>', 'show what somebody signs in with beside a password, and change that')
    .addOption(repeated('--remove <id>', 'a passkey or an identity that is not to any more'))
    .action((name: string, flags: people.SignInFlags) => people.listSignIns(ctx, name, flags));
  sub(command, 'disable <name>', 'keep somebody out; their sessions and tokens end').action(
    (name: string, flags: people.DataDirFlags) => people.disableUser(ctx, name, true, flags),
  );
  sub(command, 'enable <name>', 'let somebody in again').action((name: string, flags: people.DataDirFlags) =>
    people.disableUser(ctx, name, false, flags),
  );
  sub(command, 'remove <name>', 'remove somebody, with all they sign in with').action(
    (name: string, flags: people.DataDirFlags) => people.removeUser(ctx, name, flags),
  );
  return command;
}

/** `binnacle team add|list|members|remove` */
function teamCommand(ctx: Context): Command {
  const command = new Command('team').description('make and list teams, and who belongs to them');
  sub(command, 'add <name>', 'make a team')
    .option(...DISPLAY_NAME)
    .action((name: string, flags: people.PersonFlags) => people.addTeam(ctx, name, flags));
  sub(command, 'list', 'list teams').action((flags: people.DataDirFlags) => people.listTeams(ctx, flags));
  sub(command, 'members <team>', 'show who belongs to a team, and change that')
    .addOption(repeated('--add <user>', 'who is to belong to it'))
    .addOption(repeated('--remove <user>', 'who is not to'))
    .action((team: string, flags: people.MemberFlags) => people.teamMembers(ctx, team, flags));
  sub(command, 'remove <name>', 'remove a team').action((name: string, flags: people.DataDirFlags) =>
    people.removeTeam(ctx, name, flags),
  );
  return command;
}

/** `binnacle invite` */
function inviteCommand(ctx: Context): Command {
  return new Command('invite')
    .description('invite somebody by a link, which is shown once')
    .addOption(dataDirOption())
    .option('--name <name>', 'of the invitation')
    .option(...DISPLAY_NAME)
    .option(...EMAIL)
    .addOption(repeated('--team <name>', 'a team they will belong to'))
    .option('--ttl <time>', TTL, '7d')
    .action((flags: people.InviteFlags) => people.invite(ctx, flags));
}

/** `binnacle token create|list|revoke` */
function tokenCommand(ctx: Context): Command {
  const command = new Command('token').description('make, list and revoke tokens of people');
  const ofUser = (name: string, description: string) =>
    sub(command, name, description).requiredOption('--user <name>', 'whose token it is');
  ofUser('create <name>', 'make a token, which is shown once')
    .addOption(repeated('--cluster <name>', 'a logical cluster it is for; all of them otherwise'))
    .option('--read-only', 'for reading only')
    .option('--ttl <time>', `${TTL}, a year at the most`, '30d')
    .action((name: string, flags: people.TokenFlags) => people.createToken(ctx, name, flags));
  ofUser('list', 'list the tokens of somebody').action((flags: people.TokenFlags) => people.listTokens(ctx, flags));
  ofUser('revoke [id]', 'end a token')
    .option('--all', 'all of them')
    .action((id: string | undefined, flags: people.TokenFlags & { all?: boolean }) =>
      people.revokeToken(ctx, id, flags),
    );
  return command;
}

export const peopleCommands = (ctx: Context): Command[] => [
  userCommand(ctx),
  teamCommand(ctx),
  inviteCommand(ctx),
  tokenCommand(ctx),
];
