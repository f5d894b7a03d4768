import type { Status } from '@binnacle/machinery-meta';

/** What the server is offered, the newest first; v4 cannot say that there is no more input. */
export const PROTOCOLS: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The channels of `v5.channel.k8s.io`: the first byte of every message. */
const CHANNEL = { input: 0, output: 1, complaints: 2, outcome: 3, size: 4 } as const;

const encoder = new TextEncoder();

function frame(channel: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(data.length + 1);
  message[0] = channel;
  message.set(data, 1);
  return message;
}

export const inputFrame = (text: string): Uint8Array<ArrayBuffer> => frame(CHANNEL.input, encoder.encode(text));

/** Bytes beyond ASCII, as a mouse sends them: one byte a letter. */
export const bytesFrame = (text: string): Uint8Array<ArrayBuffer> =>
  frame(
    CHANNEL.input,
    Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff),
  );

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

export const sizeFrame = ({ columns, rows }: ScreenSize): Uint8Array<ArrayBuffer> =>
  frame(CHANNEL.size, encoder.encode(JSON.stringify({ Width: columns, Height: rows })));

/** How a command has ended. */
export interface Outcome {
  /** Undefined where the command did not end by itself. */
  readonly exitCode: number | undefined;
  /** What went wrong, in the server's words; empty where nothing did. */
  readonly message: string;
}

export type Incoming =
  | { readonly kind: 'output'; readonly data: Uint8Array }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'nothing' };

/** The Status at the end of a stream; a command's own exit code is a cause in it. */
export function readOutcome(text: string): Outcome {
  try {
    const { status, message = '', details } = JSON.parse(text) as Status;
    if (status === 'Success') return { exitCode: 0, message: '' };
    const code = details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
    return code === undefined ? { exitCode: undefined, message } : { exitCode: Number(code), message: '' };
  } catch {
    // No Status: whatever it is, it is what the server said.
    return { exitCode: undefined, message: text };
  }
}

export function readFrame(message: ArrayBuffer): Incoming {
  const bytes = new Uint8Array(message);
  const data = bytes.subarray(1);
  const channel = bytes[0];
  if (channel === CHANNEL.outcome) return { kind: 'outcome', outcome: readOutcome(new TextDecoder().decode(data)) };
  const isOutput = channel === CHANNEL.output || channel === CHANNEL.complaints;
  // The first message of every channel is empty: it only says that the channel is there.
  return isOutput && data.length > 0 ? { kind: 'output', data } : { kind: 'nothing' };
}
