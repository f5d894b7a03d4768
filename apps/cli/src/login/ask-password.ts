import type { ReadStream } from 'node:tty';
import { ConfigError } from '@binnacle/process-config';

const LONGEST = 1_024;
const ENTER = ['\r', '\n'];
const [INTERRUPT, END, BACKSPACE, DELETE, KILL] = ['\u0003', '\u0004', '\b', '\u007f', '\u0015'];

/** What is typed or piped, and where the question is written. */
export interface PasswordTerminal {
  readonly input: NodeJS.ReadableStream & Pick<ReadStream, 'isTTY'> & Partial<Pick<ReadStream, 'setRawMode'>>;
  readonly ask: (text: string) => void;
}

/** The line so far, after one more key; undefined where somebody gave up. */
function typed(line: string, key: string): string | undefined {
  if (key === INTERRUPT || (key === END && line === '')) return undefined;
  if (key === BACKSPACE || key === DELETE) return [...line].slice(0, -1).join('');
  if (key === KILL) return '';
  return key < ' ' || line.length >= LONGEST ? line : line + key;
}

/** Keys arrive one by one and are not shown. */
function readTyped({ input, ask }: PasswordTerminal): Promise<string | undefined> {
  return new Promise((resolve) => {
    let line = '';
    const finish = (password: string | undefined) => {
      input.off('data', take).off('end', gaveUp);
      input.setRawMode?.(false);
      input.pause();
      ask('\n');
      resolve(password);
    };
    const gaveUp = () => finish(undefined);
    const take = (chunk: Buffer | string) => {
      for (const key of chunk.toString()) {
        if (ENTER.includes(key)) return finish(line);
        const next = typed(line, key);
        if (next === undefined) return gaveUp();
        line = next;
      }
    };
    input.setRawMode?.(true);
    input.on('data', take).on('end', gaveUp).resume();
  });
}

/** The first line of what a program sends. */
async function readPiped(input: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += String(chunk);
    if (text.includes('\n') || text.length > LONGEST) break;
  }
  return text.split('\n')[0]?.replace(/\r$/, '') ?? '';
}

/** Asks for a password without showing it, or reads it from a pipe. Rejects with ConfigError where there is none. */
export async function askPassword(question: string, terminal: PasswordTerminal): Promise<string> {
  if (terminal.input.isTTY) terminal.ask(question);
  const password = terminal.input.isTTY ? await readTyped(terminal) : await readPiped(terminal.input);
  if (password === undefined) throw new ConfigError('given up');
  if (password === '') throw new ConfigError('there is no password; type one, or pipe it in');
  if (password.length > LONGEST) throw new ConfigError(`no password is longer than ${LONGEST} characters`);
  return password;
}
