import type { CustomCommand } from 'just-bash';
import type { RunPort } from '../commands.js';
import { dig } from './dig.js';
import { getent } from './getent.js';
import { nslookup } from './nslookup.js';

/** Commands that ask for names. */
export const dnsCommands = (port: () => RunPort): CustomCommand[] => [dig, nslookup, getent].map((make) => make(port));
