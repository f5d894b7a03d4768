import type { Program } from '../program.js';
import { Flags } from './flags.js';
import { grpcHealthChecking } from './grpc-health-checking.js';
import { guestbook } from './guestbook.js';
import { liveness } from './liveness.js';
import { logsGenerator } from './logs-generator.js';
import { netexec } from './netexec.js';
import { nettest } from './nettest.js';
import { pause } from './pause.js';
import { porter } from './porter.js';
import type { Subcommand } from './process.js';
import { serveHostname } from './serve-hostname.js';
import { testWebserver } from './test-webserver.js';
import { crdConversionWebhook } from './webhooks.js';

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  'crd-conversion-webhook': crdConversionWebhook,
  'grpc-health-checking': grpcHealthChecking,
  guestbook,
  liveness,
  'logs-generator': logsGenerator,
  netexec,
  nettest,
  pause,
  porter,
  'serve-hostname': serveHostname,
  'test-webserver': testWebserver,
};

/** Upstream's test image: programs by subcommand, each as its own (test/images/agnhost). */
export const agnhost =
  ([subcommand = '', ...flags]: readonly string[]): Program =>
  async (process) => {
    const run = Object.hasOwn(SUBCOMMANDS, subcommand) ? SUBCOMMANDS[subcommand] : undefined;
    if (run) return await run(process, new Flags(flags));
    process.log('stderr', `Error: unknown command "${subcommand}" for "app"\nRun 'app --help' for usage.\n`);
    process.exit(1);
    return undefined;
  };
