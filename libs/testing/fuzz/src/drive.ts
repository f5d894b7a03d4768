import { complaintAbout, type FuzzAnswer } from './judge.js';
import type { FuzzRequest } from './requests.js';

export interface Complaint {
  readonly request: string;
  readonly why: string;
}

export interface FuzzRun {
  readonly requests: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly complaints: readonly Complaint[];
}

/** Sends one request; rejects where there is no answer in time. */
export type Send = (request: FuzzRequest) => Promise<FuzzAnswer>;

/** What is wrong with an answer, if anything is. */
export type Judge = (request: FuzzRequest, answer: FuzzAnswer) => string | undefined;

const MOST_COMPLAINTS = 50;

/** One line that gives the request again. */
export function describeRequest({ method, path, headers, body }: FuzzRequest): string {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [method, path, JSON.stringify(sent), body?.toString('latin1').slice(0, 2000) ?? ''].join(' ');
}

async function judge(
  send: Send,
  request: FuzzRequest,
  statuses: Record<number, number>,
  judgeAnswer: Judge,
): Promise<string | undefined> {
  try {
    const answer = await send(request);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    return judgeAnswer(request, answer);
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Sends requests, `parallel` at a time, while `goOn` says so. */
export async function driveFuzzer(
  fuzzer: { next(): FuzzRequest },
  send: Send,
  options: { readonly parallel: number; readonly goOn: (sent: number) => boolean; readonly judge?: Judge },
): Promise<FuzzRun> {
  const statuses: Record<number, number> = {};
  const complaints: Complaint[] = [];
  let requests = 0;
  const work = async () => {
    while (options.goOn(requests) && complaints.length < MOST_COMPLAINTS) {
      requests += 1;
      const request = fuzzer.next();
      const why = await judge(send, request, statuses, options.judge ?? complaintAbout);
      if (why) complaints.push({ request: describeRequest(request), why });
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  return { requests, statuses, complaints };
}
