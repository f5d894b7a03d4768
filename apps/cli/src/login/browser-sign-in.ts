import { spawn } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { askServer, type ServerPlace, ServerRefusal } from './ask-server.js';
import { readSignedIn, type SignedIn } from './credential-answer.js';

interface Begun {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  readonly interval: number;
}

const MOST_INTERVAL_SECONDS = 60;

/** What the browser shows to whoever is asked to say yes. */
export function clientName(): string {
  return `binnacle login, ${accountName()} on ${hostname()}`;
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}

function readBegun(value: unknown): Begun {
  const { deviceCode, userCode, verificationUri, verificationUriComplete, interval } = value as Record<string, unknown>;
  const isWhole = [deviceCode, userCode].every((text) => typeof text === 'string');
  const pages = [verificationUri, verificationUriComplete];
  // What a browser is opened with is a web page, whatever the server says.
  if (!isWhole || !pages.every((page) => typeof page === 'string' && /^https?:\/\/[^\s"'`$\\]+$/.test(page)))
    throw new ConfigError('the server does not say where to go; it may be of another release');
  const seconds = typeof interval === 'number' && interval > 0 ? Math.min(interval, MOST_INTERVAL_SECONDS) : 2;
  return { deviceCode, userCode, verificationUri, verificationUriComplete, interval: seconds } as Begun;
}

/** Opens a page, where there is a program for it; says nothing where there is none. */
export function openBrowser(page: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [page], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

export interface BrowserSignIn {
  readonly say: (text: string) => void;
  /** Undefined where none is to be opened. */
  readonly open?: ((page: string) => void) | undefined;
}

/** Is signed in by somebody who says yes in a browser. */
export async function signInByBrowser(ctx: Context, place: ServerPlace, browser: BrowserSignIn): Promise<SignedIn> {
  const begun = readBegun(await askServer(ctx, place, 'POST', '/auth/device/code', { client: clientName() }));
  browser.say(`To sign in, open this page in a browser:\n\n  ${begun.verificationUriComplete}\n`);
  browser.say(`and say yes if it shows the code ${begun.userCode}. Waiting; Ctrl-C gives up.\n`);
  browser.open?.(begun.verificationUriComplete);
  return poll(ctx, place, begun);
}

async function poll(ctx: Context, place: ServerPlace, { deviceCode, interval }: Begun): Promise<SignedIn> {
  let seconds = interval;
  for (;;) {
    await sleep(ctx, seconds * 1000);
    try {
      return readSignedIn(await askServer(ctx, place, 'POST', '/auth/device/token', { deviceCode }));
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      if (error.reason === 'SlowDown') seconds = Math.min(seconds + 2, MOST_INTERVAL_SECONDS);
      else if (error.reason !== 'AuthorizationPending') throw new ConfigError(giveUp(error), { cause: error });
    }
  }
}

const giveUp = ({ reason, message }: ServerRefusal): string =>
  reason === 'ExpiredToken' ? 'nobody said yes in time; run "binnacle login" again' : message;
