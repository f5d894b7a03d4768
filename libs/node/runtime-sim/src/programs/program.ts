import type { RemoteInfo } from 'node:dgram';
import type { Socket } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import type { ContainerConfig, ExecResult, LogStream } from '@binnacle/node-cri';
import type { Network } from '../network/network.js';
import type { RunConsole } from '../terminal/run-console.js';

/** Who a container is, as its answers say. */
export interface Identity {
  readonly pod: string;
  readonly namespace: string;
  readonly node: string;
  readonly container: string;
  readonly image: string;
  readonly ip: string;
  readonly hostname: string;
}

export type DatagramHandler = (message: Buffer, from: RemoteInfo, reply: (answer: Buffer) => void) => void;

/** What a program sees of the container it runs in. */
export interface Process {
  /** Ends with the container. */
  readonly ctx: Context;
  readonly id: string;
  readonly identity: Identity;
  readonly config: ContainerConfig;
  readonly network: Network;
  /** Text files of its image, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Its command line, as `ps` shows it. */
  readonly title: string;
  /** Its own input and output: what is attached to it, and its log. */
  readonly console: RunConsole;
  log(stream: LogStream, text: string): void;
  /** Told of each request it answers, which costs what its image says. */
  worked?(): void;
  /** Listens at the Pod's address; rejects as the machine's own sockets do. */
  listenTcp(port: number, handler: (socket: Socket) => void): Promise<void>;
  listenUdp(port: number, handler: DatagramHandler): Promise<void>;
  /** Runs another program of the container and waits for its end. */
  run(words: readonly string[], timeoutSeconds: number): Promise<ExecResult>;
  /** Ends the container; `message` is what it leaves as its termination message. */
  exit(code: number, message?: string): void;
}

/** A program that runs; without `signalled` any signal ends it as one it does not handle. */
export interface RunningProgram {
  signalled?(signal: string): void;
}

/** Resolves when the program runs; it ends by `exit` alone. A rejection ends the container with exit code 1. */
export type Program = (process: Process) => Promise<RunningProgram | undefined>;
