import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import dnsPacket from 'dns-packet';
import { pause } from '../clusters/labs.js';
import type { Question } from './objects.js';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Of one run. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Questions without an answer within a second. */
  readonly lost: number;
}

const SOCKETS = 8;
const IDS = 0x10000;
const LOST_MILLISECONDS = 1000;
const SECOND = 1000;
const TICK_MILLISECONDS = 5;

/** Questions on their way through one socket, each under its own id. */
class Lane {
  private readonly sent = new Float64Array(IDS).fill(Number.NaN);
  private next = 0;
  waiting = 0;

  constructor(
    private readonly socket: Socket,
    private readonly questions: readonly Buffer[],
    private readonly answered: (milliseconds: number) => void,
  ) {
    socket.on('message', (bytes) => this.receive(bytes.readUInt16BE(0)));
  }

  ask(at: number): void {
    const question = this.questions[at % this.questions.length];
    if (!question) return;
    const id = this.next;
    this.next = (this.next + 1) % IDS;
    question.writeUInt16BE(id, 0);
    this.sent[id] = performance.now();
    this.waiting += 1;
    // A copy: the next question may be the same before this one has left.
    this.socket.send(Buffer.from(question));
  }

  /** Those that have waited too long do not wait any more. */
  giveUp(): number {
    const now = performance.now();
    let lost = 0;
    for (let id = 0; id < IDS; id += 1) {
      if (now - (this.sent[id] ?? Number.NaN) <= LOST_MILLISECONDS || Number.isNaN(this.sent[id] ?? Number.NaN))
        continue;
      this.sent[id] = Number.NaN;
      lost += 1;
    }
    this.waiting -= lost;
    return lost;
  }

  private receive(id: number): void {
    const sent = this.sent[id] ?? Number.NaN;
    if (Number.isNaN(sent)) return;
    this.sent[id] = Number.NaN;
    this.waiting -= 1;
    this.answered(performance.now() - sent);
  }

  close(): void {
    this.socket.close();
  }
}

const bytesOf = ({ name, type }: Question): Buffer =>
  dnsPacket.encode({ type: 'query', id: 0, flags: dnsPacket.RECURSION_DESIRED, questions: [{ name, type }] });

async function socketTo({ host, port }: Place, at: number): Promise<Socket> {
  const socket = createSocket('udp4').bind({ address: `127.0.0.${at + 1}`, port: 0 });
  await once(socket, 'listening');
  socket.connect(port, host);
  await once(socket, 'connect');
  return socket;
}

const percentile = (sorted: Float64Array, part: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(3));

/** Asks from several addresses and tells how long the answers took. */
export class Load {
  private readonly times: number[] = [];
  private asked = 0;
  private lost = 0;
  private lanes: Lane[] = [];

  private constructor(private readonly onAnswer: (load: Load, lane: number) => void) {}

  /** As many as are answered: so many are always on their way. */
  static async closed(
    place: Place,
    questions: readonly Question[],
    atOnce: number,
    seconds: number,
  ): Promise<LoadResult> {
    let isOpen = true;
    const load = new Load((own, lane) => isOpen && own.ask(lane));
    await load.open(place, questions);
    for (let at = 0; at < atOnce; at += 1) load.ask(at % SOCKETS);
    for (let passed = 0; passed < seconds; passed += 1) {
      await pause(SECOND);
      // What was lost makes room for others.
      for (let left = load.countLost(); left > 0; left -= 1) load.ask(left % SOCKETS);
    }
    isOpen = false;
    return await load.result(seconds);
  }

  /** So many a second, whether they are answered or not. */
  static async steady(
    place: Place,
    questions: readonly Question[],
    perSecond: number,
    seconds: number,
  ): Promise<LoadResult> {
    const load = new Load(() => undefined);
    await load.open(place, questions);
    const begun = performance.now();
    for (let passed = 0; passed < seconds * SECOND; passed = performance.now() - begun) {
      for (const due = (passed * perSecond) / SECOND; load.asked < due; ) load.ask(load.asked % SOCKETS);
      await pause(TICK_MILLISECONDS);
    }
    return await load.result(seconds);
  }

  private async open(place: Place, questions: readonly Question[]): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, (_, at) => socketTo(place, at)));
    this.lanes = sockets.map((socket, lane) => {
      const answered = (milliseconds: number) => {
        this.times.push(milliseconds);
        this.onAnswer(this, lane);
      };
      return new Lane(socket, questions.map(bytesOf), answered);
    });
  }

  private ask(lane: number): void {
    this.lanes[lane]?.ask(this.asked);
    this.asked += 1;
  }

  private countLost(): number {
    const lost = this.lanes.reduce((sum, lane) => sum + lane.giveUp(), 0);
    this.lost += lost;
    return lost;
  }

  private async result(seconds: number): Promise<LoadResult> {
    const answered = this.times.length;
    await pause(LOST_MILLISECONDS + 1);
    this.countLost();
    for (const lane of this.lanes) lane.close();
    const sorted = Float64Array.from(this.times).sort();
    const perSecond = Math.round(answered / seconds);
    return { perSecond, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), lost: this.lost };
  }
}
