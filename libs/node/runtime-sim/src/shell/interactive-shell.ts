import { type Bash, parse } from 'just-bash';
import { bytesOf, latin1, type RunPort, STATUS } from './commands.js';
import type { ShellStyle } from './protocol.js';

const INTERRUPTED = 130;
const SYNTAX_ERROR = 2;
const CONTINUED = '> ';
/** What the parser says of a line that more lines may complete, besides that it goes wrong at its end. */
const INCOMPLETE = /unexpected EOF|got EOF/;
const HERE_DOCUMENT = /<<-?\s*(["']?)(\w+)\1/;

export interface ShellStart {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly style: ShellStyle;
}

/** A shell that is given its commands line by line. Variables, functions and the directory last from one line to the next. */
export class InteractiveShell {
  private env: Record<string, string>;
  private cwd: string;
  private status = 0;
  private functions: string[] = [];
  private running: AbortController | undefined;

  constructor(
    private readonly bash: Bash,
    private readonly port: RunPort,
    private readonly start: ShellStart,
  ) {
    this.env = { ...start.env };
    this.cwd = start.cwd;
  }

  /** Resolves with the exit code when the input ends or a line leaves the shell. */
  async run(signal: AbortSignal): Promise<number> {
    while (!signal.aborted) {
      const line = await this.readCommand();
      if (line === undefined) break;
      if (line.trim() && (await this.execute(line, signal))) break;
    }
    return this.status;
  }

  /** Answers whether something ran, which stops then; at the prompt only the exit code tells of it. */
  interrupt(): boolean {
    this.status = INTERRUPTED;
    this.running?.abort();
    return this.running !== undefined;
  }

  private async readCommand(): Promise<string | undefined> {
    let text = await this.readLine(this.prompt());
    while (text !== undefined && isIncomplete(text)) {
      const more = await this.readLine(CONTINUED);
      if (more === undefined) return text;
      // An interrupt at the prompt leaves what was begun.
      if (more === '' && this.status === INTERRUPTED) return '';
      text = `${text}\n${more}`;
    }
    return text;
  }

  private async readLine(prompt: string): Promise<string | undefined> {
    const shown = this.start.style.tty ? prompt : '';
    return ((await this.port.ask({ kind: 'line', prompt: shown })) as string | null) ?? undefined;
  }

  private prompt(): string {
    const { HOME: home = '/root', HOSTNAME: host = '' } = this.env;
    const inHome = this.cwd === home || this.cwd.startsWith(`${home}/`);
    const place = inHome ? `~${this.cwd.slice(home.length)}` : this.cwd;
    return this.start.style.name === 'bash' ? `root@${host}:${place}# ` : `${place} # `;
  }

  /** Answers whether the line left the shell. */
  private async execute(line: string, signal: AbortSignal): Promise<boolean> {
    const problem = syntaxProblem(line);
    if (problem !== undefined) {
      await this.port.tell('stderr', latin1(`${this.start.style.name}: ${problem}\n`));
      this.status = SYNTAX_ERROR;
      return false;
    }
    this.running = new AbortController();
    const either = AbortSignal.any([this.running.signal, signal]);
    const left = await this.executeWhole(line, either).catch((error: unknown) => this.fail(error, either));
    this.running = undefined;
    return left;
  }

  private async executeWhole(line: string, signal: AbortSignal): Promise<boolean> {
    const script = `${this.functions.join('\n')}\n(exit ${this.status})\n${line}\n${STATUS}=$?`;
    const { env, cwd } = this;
    // A line that leaves the shell does not come to its end.
    const result = await this.bash.exec(script, { env, replaceEnv: true, cwd, rawScript: true, signal });
    if (signal.aborted) return this.fail(undefined, signal);
    const output = bytesOf(result);
    if (output) await this.port.tell('stdout', output);
    if (result.stderr) await this.port.tell('stderr', latin1(result.stderr));
    const { [STATUS]: status, '?': _, ...rest } = result.env;
    this.status = status === undefined ? result.exitCode : Number(status);
    if (status === undefined) return true;
    this.keep(line, rest);
    return false;
  }

  private keep(line: string, env: Record<string, string>): void {
    this.env = env;
    this.cwd = env.PWD ?? this.cwd;
    if (definesFunctions(line)) this.functions.push(line);
  }

  private async fail(error: unknown, signal: AbortSignal): Promise<boolean> {
    this.status = signal.aborted ? INTERRUPTED : 1;
    if (!signal.aborted) {
      const text = error instanceof Error ? error.message : String(error);
      await this.port.tell('stderr', latin1(`${this.start.style.name}: ${text}\n`));
    }
    return false;
  }
}

interface Problem {
  readonly message: string;
  /** Of what is wrong, from 1 on. */
  readonly line?: number;
  readonly column?: number;
}

function parseProblem(text: string): Problem | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error as Error & Problem;
  }
}

/** A backslash or an operator at the end, or a text whose last line has not come. */
function isOpen(text: string): boolean {
  const [, , word] = HERE_DOCUMENT.exec(text) ?? [];
  if (
    word !== undefined &&
    !text
      .split('\n')
      .slice(1)
      .some((line) => line.trim() === word)
  )
    return true;
  return /(^|[^\\])(\\\\)*\\$/.test(text) || /(\|\||&&|\|)\s*$/.test(text);
}

function isIncomplete(text: string): boolean {
  if (isOpen(text)) return true;
  const problem = parseProblem(text);
  if (!problem) return false;
  const lines = text.split('\n');
  const isAtEnd = problem.line === lines.length && (problem.column ?? 0) > (lines.at(-1)?.length ?? 0);
  return isAtEnd || INCOMPLETE.test(problem.message);
}

function syntaxProblem(text: string): string | undefined {
  const problem = parseProblem(text);
  return problem && `syntax error: ${problem.message}`;
}

/** Whether a line is functions and nothing else, so that it can be said again before every other. */
function definesFunctions(text: string): boolean {
  const { statements } = parse(text);
  const commands = statements.flatMap(({ pipelines }) => pipelines.flatMap((pipeline) => pipeline.commands));
  return commands.length > 0 && commands.every(({ type }) => type === 'FunctionDef');
}
