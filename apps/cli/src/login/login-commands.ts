import type { Context } from '@binnacle/machinery-context';
import { Command } from 'commander';
import type { Whose } from './stored-logins.js';
import { login, type LoginFlags, logout, printCredential } from './login.js';

const SERVER = ['--server <url>', 'address of the dashboard or of the API server, such as https://host:6443'] as const;

/** `binnacle login`, `binnacle credential` and `binnacle logout` */
export function loginCommands(ctx: Context): Command[] {
  const enter = new Command('login')
    .description('sign in to a server and make kubectl use that')
    .requiredOption(...SERVER)
    .option('--user <name>', 'sign in with a password, typed or piped in, instead of a browser')
    .option('--certificate-authority <file>', 'who vouches for the server, PEM')
    .option('--cluster <name>', 'a logical cluster other than main')
    .option('--context <name>', 'what kubectl calls it')
    .option('--kubeconfig <file>', "file to write, kubectl's own without it")
    .option('--no-browser', 'only say which page to open')
    .action((flags: LoginFlags) => login(ctx, flags));
  const show = new Command('credential')
    .description('print a credential, as kubectl asks its plugins')
    .requiredOption(...SERVER)
    .requiredOption('--user <name>', 'as whom')
    .action((whose: Whose) => printCredential(ctx, whose));
  const leave = new Command('logout')
    .description('end the sign-in to a server, or to all of them')
    .option(...SERVER)
    .action(({ server }: { server?: string }) => logout(ctx, server));
  return [enter, show, leave];
}
