import type { Readable } from 'node:stream';
import type { ContainerStreams } from '@binnacle/node-cri';
import { type Key, KeyReader } from './keys.js';
import type { RunConsole } from './run-console.js';
import { edit, type EditedLine, newLine, type Outcome, textOf } from './line-editor.js';
import { draw, width } from './screen.js';

export type WriteOut = (bytes: Buffer) => Promise<void>;

const COLUMNS = 80;
/** Lines that are remembered. */
const LONGEST_HISTORY = 500;
/** Keys typed while a command runs, for the next line. */
const MOST_AHEAD = 10_000;

interface Reading {
  readonly prompt: string;
  line: EditedLine;
  row: number;
  readonly done: (line: string | undefined) => void;
}

/** Output of a program, as a terminal wants it: each line begins at the left. */
function carriageReturns(bytes: Buffer): Buffer {
  return bytes.includes(10) ? Buffer.from(bytes.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1') : bytes;
}

/** A terminal with a line discipline: it echoes, lets lines be edited and remembers them. */
export class Terminal implements RunConsole {
  private readonly keys = new KeyReader();
  private readonly ahead: Key[] = [];
  private history: string[] = [];
  private columns = COLUMNS;
  private reading: Reading | undefined;
  private ended = false;
  private interrupted: () => void = () => undefined;

  constructor(
    input: Readable | undefined,
    private readonly out: WriteOut,
    onResize: ContainerStreams['onResize'],
  ) {
    // A terminal that does not know its size says 0.
    onResize(({ width: columns }) => (this.columns = columns || COLUMNS));
    input?.on('data', (chunk: Buffer) => this.receive(chunk));
    input?.once('end', () => this.end());
    input?.once('close', () => this.end());
    if (!input) this.ended = true;
  }

  async write(_stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void> {
    await this.out(carriageReturns(bytes));
  }

  onInterrupt(listener: () => void): void {
    this.interrupted = listener;
  }

  readLine(prompt: string): Promise<string | undefined> {
    return new Promise((done) => {
      const line = newLine(this.history);
      this.reading = { prompt, line, row: 0, done };
      void this.out(Buffer.from(prompt));
      while (this.reading && this.ahead.length > 0) this.press(this.ahead.shift() as Key);
      if (this.ended) this.finish(undefined);
    });
  }

  private receive(chunk: Buffer): void {
    for (const key of this.keys.read(chunk)) {
      if (this.reading) this.press(key);
      else if (key.name === 'interrupt') this.interrupt();
      else if (this.ahead.length < MOST_AHEAD) this.ahead.push(key);
    }
  }

  private interrupt(): void {
    this.ahead.length = 0;
    this.say('^C\r\n');
    this.interrupted();
  }

  private press(key: Key): void {
    const { reading } = this;
    if (!reading) return;
    const before = reading.line;
    const { line, outcome } = edit(before, key);
    reading.line = line;
    if (outcome !== 'goes on') return this.conclude(reading, outcome);
    if (key.name === 'clear') this.say('\x1b[H\x1b[2J');
    this.refresh(reading, before, key);
  }

  private conclude({ line, row }: Reading, outcome: Outcome): void {
    const last = this.reading && draw(this.reading.prompt, { ...line, at: line.characters.length }, this.columns, row);
    if (last && line.at < line.characters.length) this.say(last.text);
    const text = textOf(line);
    if (outcome === 'ended') return this.finish(undefined);
    this.say(outcome === 'interrupted' ? '^C\r\n' : '\r\n');
    if (outcome === 'interrupted') {
      this.interrupted();
      return this.finish('');
    }
    if (text.trim() && text !== this.history.at(-1)) this.history = [...this.history, text].slice(-LONGEST_HISTORY);
    this.finish(text);
  }

  /** Mostly a character is added at the end, and only that is echoed. */
  private refresh(reading: Reading, before: EditedLine, key: Key): void {
    const { prompt, line } = reading;
    const total = width(prompt) + width(line.characters);
    const atEnd = before.at === before.characters.length && total % this.columns !== 0;
    const fits = Math.floor(total / this.columns) === reading.row;
    if (key.name === 'text' && atEnd && fits) return this.say(line.characters.slice(before.at).join(''));
    const drawn = draw(prompt, line, this.columns, key.name === 'clear' ? 0 : reading.row);
    reading.row = drawn.row;
    this.say(drawn.text);
  }

  private finish(line: string | undefined): void {
    const { reading } = this;
    this.reading = undefined;
    reading?.done(line);
  }

  private end(): void {
    this.ended = true;
    this.finish(undefined);
  }

  private say(text: string): void {
    void this.out(Buffer.from(text));
  }
}
