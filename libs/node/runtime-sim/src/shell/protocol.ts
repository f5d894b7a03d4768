import type { LogStream, Mount } from '@binnacle/node-cri';
import type { NameFiles } from '../network/name-files.js';
import type { Dialled, Trust } from '../network/network.js';
import type { Lookup } from '../network/stub-resolver.js';

/** What a thread of simulated shells is told, and what it tells. */
export interface RunScript {
  readonly type: 'run';
  readonly run: number;
  /** Runs of one container share its files. */
  readonly container: string;
  /** `sh -c script` or a plain command line. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly mounts: readonly Mount[];
  /** Of its image. */
  readonly files: Readonly<Record<string, string>>;
  /** Where a container may leave its last words. */
  readonly messagePath: string;
  readonly hostname: string;
  /** The container's own program, as `ps` shows it. */
  readonly main: string;
  readonly user: number;
  readonly group: number;
  /** Nothing outside of volumes may be written. */
  readonly readonlyRoot: boolean;
  /** Tell output as it comes, not at the end. */
  readonly streaming: boolean;
  /** Standard input. Latin-1: one character a byte. */
  readonly input?: string;
  /** The words are a shell that takes its commands line by line. */
  readonly interactive?: ShellStyle;
}

export interface ShellStyle {
  /** By which a shell is called, `sh` or `bash`. */
  readonly name: string;
  /** Whether somebody sees a prompt. */
  readonly tty: boolean;
}

export type ToThread =
  | RunScript
  | { readonly type: 'abort'; readonly run: number }
  /** What an interactive shell runs is to stop, and the shell to go on. */
  | { readonly type: 'interrupt'; readonly run: number }
  | { readonly type: 'forget'; readonly container: string }
  | { readonly type: 'reply'; readonly call: number; readonly value?: unknown; readonly error?: string };

export interface ScriptEnd {
  readonly exitCode: number;
  /** Latin-1: one character a byte. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the container left at its termination message path. */
  readonly message: string;
}

/** A thread has no time and no network of its own: it asks for them. */
export type Call =
  | { readonly kind: 'sleep'; readonly milliseconds: number }
  /** Output is answered too, so that a script cannot outrun its log. */
  | { readonly kind: 'write'; readonly stream: LogStream; readonly bytes: string }
  /** Answers null at the end of the input. */
  | { readonly kind: 'line'; readonly prompt: string }
  | NamedCall;

/** What is found by names, which the files of the container lead to. */
export type NamedCall =
  /** All addresses of a name. */
  | { readonly kind: 'addresses'; readonly name: string; readonly names?: NameFiles }
  /** What the servers of names say. */
  | { readonly kind: 'lookup'; readonly wanted: Lookup; readonly names?: NameFiles }
  /** A connection that is closed at once. */
  | ({ readonly kind: 'connect' } & Dialled)
  /** One datagram and the answer to it. */
  | ({ readonly kind: 'udp'; readonly input: string } & Dialled)
  | ({ readonly kind: 'tcp'; readonly input: string } & Dialled)
  | {
      readonly kind: 'http';
      readonly names?: NameFiles;
      readonly url: string;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly timeoutMilliseconds: number;
      readonly trust?: Trust;
    };

export type FromThread =
  | { readonly type: 'done'; readonly run: number; readonly end: ScriptEnd }
  | { readonly type: 'call'; readonly run: number; readonly call: number; readonly ask: Call };

export interface HttpReply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Latin-1: one character a byte. */
  readonly body: string;
}
