import type { Range } from '../random.js';

/** What an image does when it is run: a program of this library, by name. */
export type ProgramName =
  | 'echo'
  | 'welcome'
  | 'redis'
  | 'agnhost'
  | 'whoami'
  | 'echo-basic'
  | 'shell'
  | 'idle'
  | 'crash';

/**
 * How an image behaves. Pure data: the first entry whose `images` has the image's name, with or without its registry and
 * path, is the one that counts.
 */
export interface ImageBehaviour {
  readonly images: readonly string[];
  /** Tags there are, as a regular expression; any where left out. */
  readonly tags?: string;
  readonly program: ProgramName;
  /** Ports it listens on besides those its container declares. */
  readonly ports?: readonly number[];
  /** Names of the image's own program: a container's command that begins with one of them runs it. */
  readonly entrypoints?: readonly string[];
  /** What its program is given where the container gives it nothing. */
  readonly arguments?: readonly string[];
  /** Text files at its root, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** It holds no program but its own, not even a shell. */
  readonly isBare?: boolean;
  /** The registry answers that there is no such image. */
  readonly missing?: boolean;
  readonly sizeMegabytes: Range;
  readonly pullMilliseconds: Range;
  /** From being started until its program runs. */
  readonly startMilliseconds: Range;
  /** From then until it listens or ends. */
  readonly warmUpMilliseconds?: Range;
  /** At rest. */
  readonly cpuMillis: Range;
  /** CPU time that each request costs, in milliseconds; one where it is not said. */
  readonly requestCpuMilliseconds?: number;
  readonly memoryMegabytes: Range;
}
