import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A second, as `eventually` looks. */
const TRIES_A_KEY = 10;

/** A command at a terminal of its own, made by `script` of util-linux. */
export class Terminal {
  private screen = '';
  private seen = 0;
  private readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.screen += chunk.toString()));
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
  }

  static start(command: readonly string[], env: NodeJS.ProcessEnv): Terminal {
    const line = command.map(quoted).join(' ');
    const args = ['--quiet', '--return', '--command', line, '/dev/null'];
    return new Terminal(spawn('script', args, { env: { ...env, TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** Waits for what is shown after what was waited for last. */
  async shows(text: string): Promise<void> {
    await eventually(`${JSON.stringify(text)} after ${JSON.stringify(this.screen.slice(this.seen))}`, () => {
      const at = this.screen.indexOf(text, this.seen);
      if (at >= 0) this.seen = at + text.length;
      return at >= 0;
    });
  }

  /** Presses Enter now and then until a prompt is shown: what is typed before anybody listens may be lost. */
  async prompts(prompt: string): Promise<void> {
    let tries = 0;
    await eventually(`the prompt ${JSON.stringify(prompt)}`, () => {
      if (tries % TRIES_A_KEY === 0) this.type('\r');
      tries += 1;
      const at = this.screen.indexOf(prompt, this.seen);
      if (at >= 0) this.seen = at + prompt.length;
      return at >= 0;
    });
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** The exit code of the command. */
  async ends(): Promise<number | null> {
    return await this.exited;
  }

  /** The terminal is closed. */
  close(): void {
    this.child.kill('SIGHUP');
  }
}
