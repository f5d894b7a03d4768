import type { Clock } from '@binnacle/machinery-context';
import type { CarriedStream } from '../carrier/carried-stream.js';
import type { Upgrade } from '../websocket/accept-websocket.js';
import type { CommandOptions } from './command-options.js';
import type { CommandStreams } from './command-streams.js';
import { acceptSpdy, negotiate } from './negotiate.js';

const PROTOCOLS = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
/** Those that tell a terminal's size. */
const RESIZING = new Set(PROTOCOLS.slice(0, 2));
const AS_STATUS = 'v4.channel.k8s.io';
const STREAM_TYPE = 'streamtype';
/** A client has so long to open its streams. */
const CREATION_MILLISECONDS = 30_000;

function expectedStreams({ stdin, stdout, stderr, tty }: CommandOptions, protocol: string): string[] {
  const wanted = { error: true, stdin, stdout, stderr, resize: tty && RESIZING.has(protocol) };
  return Object.entries(wanted).flatMap(([name, isWanted]) => (isWanted ? [name] : []));
}

/**
 * Of what is only written here nothing is read. What is only read stays open on this side, too: kubectl takes the end of its stdin
 * here for the end of the command, and closes it.
 */
function prepare(stream: CarriedStream): void {
  const type = stream.headers[STREAM_TYPE];
  if (type !== 'stdin' && type !== 'resize') stream.resume();
}

/** A command's streams as the client opens them over SPDY. Undefined where it does not. */
export async function openSpdyStreams(
  upgrade: Upgrade,
  options: CommandOptions,
  clock: Clock,
): Promise<CommandStreams | undefined> {
  const protocol = negotiate(upgrade.request, PROTOCOLS);
  const expected = expectedStreams(options, protocol);
  const opened = new Map<string, CarriedStream>();
  let complete: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (complete = resolve));
  const connection = acceptSpdy(upgrade, protocol, (stream) => {
    const type = stream.headers[STREAM_TYPE] ?? '';
    if (!expected.includes(type) || opened.has(type)) return void stream.destroy();
    prepare(stream);
    opened.set(type, stream);
    if (opened.size === expected.length) complete();
  });
  const cancel = clock.after(CREATION_MILLISECONDS, () => connection.destroy());
  await Promise.race([all, connection.ended]);
  cancel();
  const error = opened.get('error');
  if (opened.size < expected.length || !error) return undefined;
  return {
    ...Object.fromEntries([...opened].filter(([type]) => type !== 'error')),
    error,
    statusAsText: protocol !== AS_STATUS,
    ended: connection.ended,
    close: () => connection.close(),
    destroy: () => connection.destroy(),
  };
}
