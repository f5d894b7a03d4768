import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';
import { clusterPrefix, DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { ConfigError } from '@binnacle/process-config';
import { clusterName } from '../commands/cluster-arguments.js';
import { askPassword } from './ask-password.js';
import { askServer, type ServerPlace, ServerRefusal } from './ask-server.js';
import { openBrowser, signInByBrowser } from './browser-sign-in.js';
import type { SignedIn } from './credential-answer.js';
import { currentCredential, execCredential } from './credential.js';
import { signInByPassword } from './password-sign-in.js';
import { serverAddress } from './server-address.js';
import { type Credential, type StoredLogin, StoredLogins, type Whose } from './stored-logins.js';
import { type ExecCommand, kubeconfigFile, writeContext } from './user-kubeconfig.js';

export interface LoginFlags {
  readonly server: string;
  /** Signs in with a password instead of a browser. */
  readonly user?: string;
  readonly certificateAuthority?: string;
  readonly cluster?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  /** Whether to open one. */
  readonly browser: boolean;
}

const say = (text: string) => process.stdout.write(`${text}\n`);

function readAuthority(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = readFileSync(file, 'utf8');
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ConfigError(`--certificate-authority: ${file} holds no certificate in PEM`);
}

async function credentialFor(ctx: Context, place: ServerPlace, { user, browser }: LoginFlags): Promise<SignedIn> {
  if (user === undefined) {
    const open = browser && process.stdout.isTTY ? openBrowser : undefined;
    return signInByBrowser(ctx, place, { say, open });
  }
  const ask = (text: string) => void process.stderr.write(text);
  const password = await askPassword(`Password of ${user} at ${place.server}: `, { input: process.stdin, ask });
  return signInByPassword(ctx, place, user, password);
}

/** Somebody who keeps what they signed in with elsewhere does so also when kubectl asks. */
function ownDirectory(): Pick<ExecCommand, 'env'> {
  const value = process.env.BINNACLE_LOGIN_DIR;
  return value ? { env: [{ name: 'BINNACLE_LOGIN_DIR', value }] } : {};
}

/** How kubectl starts this very program. */
const execOf = ({ server, user }: Whose): ExecCommand => ({
  ...ownDirectory(),
  command: process.execPath,
  args: [join(process.argv[1] ?? ''), 'credential', '--server', server, '--user', user],
});

function contextName({ user }: Credential, { server }: ServerPlace, cluster: string): string {
  const at = `${user}@${new URL(server).host}`;
  return cluster === DEFAULT_CLUSTER ? at : `${at}/${cluster}`;
}

/** Signs in to a server, and makes kubectl use that. */
export async function login(ctx: Context, flags: LoginFlags, logins = new StoredLogins()): Promise<void> {
  const place = {
    server: serverAddress(flags.server),
    certificateAuthority: readAuthority(flags.certificateAuthority),
  };
  const cluster = clusterName(flags.cluster ?? DEFAULT_CLUSTER);
  const { credential, api } = await credentialFor(ctx, place, flags).catch((error: unknown) => {
    if (error instanceof ServerRefusal) throw new ConfigError(error.message, { cause: error });
    throw error;
  });
  const stored = { ...place, ...credential };
  const before = logins.find(stored);
  logins.save(stored);
  if (before) await revoke(ctx, before).catch(() => undefined);
  const name = flags.context ?? contextName(credential, place, cluster);
  const file = flags.kubeconfig ?? kubeconfigFile();
  // kubectl shows no credential over plain HTTP, not on one machine either.
  const shown = place.server.startsWith('https:') ? place : api;
  writeContext(file, { ...shown, name, path: clusterPrefix(cluster), exec: execOf(stored) });
  say(`Signed in as ${credential.user}. kubectl uses the context ${name} of ${file} from now on.`);
}

/** Prints what kubectl shows a server. */
export async function printCredential(
  ctx: Context,
  { server, user }: Whose,
  logins = new StoredLogins(),
): Promise<void> {
  say(execCredential(await currentCredential(ctx, logins, { server: serverAddress(server), user })));
}

/** At the server, where it is not over already. */
async function revoke(ctx: Context, login: StoredLogin): Promise<void> {
  try {
    await askServer(ctx, login, 'POST', '/auth/device/revoke', { refreshToken: login.refreshToken });
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
  }
}

/** Ends a sign-in, there and here; all of them where no server is named. */
export async function logout(ctx: Context, server: string | undefined, logins = new StoredLogins()): Promise<void> {
  const address = server === undefined ? undefined : serverAddress(server);
  const ended = logins.list().filter((each) => address === undefined || each.server === address);
  if (ended.length === 0) throw new ConfigError(`nobody is signed in${address ? ` to ${address}` : ''}`);
  for (const each of ended) {
    await revoke(ctx, each).catch((error: Error) => {
      ctx.signal.throwIfAborted();
      say(`${error.message}. What it is for is forgotten here; end the session on the account page too.`);
    });
    logins.remove(each);
    say(`Signed out ${each.user} of ${each.server}`);
  }
}
