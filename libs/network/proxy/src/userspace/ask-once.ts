import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { TrialAnswer } from '../trial-report.js';

/** So much of an answer is kept; whoever wants more asks with a client of their own. */
const MOST_BYTES = 2048;

export interface Question {
  readonly host: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

async function beginningOf(answer: IncomingMessage): Promise<Omit<TrialAnswer, 'status'>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) break;
  }
  return { text: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8'), truncated: bytes > MOST_BYTES };
}

/** Makes one GET over a connection, which ends with it. Rejects with what went wrong there, or with the signal's reason. */
export async function askOnce(socket: Socket, { host, path, signal }: Question): Promise<TrialAnswer> {
  const headers = { host, connection: 'close', 'user-agent': 'binnacle-trial' };
  const call = request({ createConnection: () => socket, path, headers, signal });
  try {
    const answered = once(call, 'response');
    call.end();
    const [answer] = (await answered) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, ...(await beginningOf(answer)) };
  } finally {
    call.on('error', () => undefined).destroy();
    socket.destroy();
  }
}
