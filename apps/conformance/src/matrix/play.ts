import type { Kubectl, KubectlResult } from '../kubectl.js';
import { eventually } from '../eventually.js';
import { filled, type Places } from './places.js';
import { type Section, type Step, wordsOf } from './step.js';

/** What came of one command: undefined where the kubectl is older than it. */
export interface Outcome {
  readonly command: string;
  /** Undefined where it said what it has to. */
  readonly fault?: string;
  readonly isOlder?: boolean;
}

/** One kubectl with what its commands are to name. */
export interface Player {
  readonly kubectl: Kubectl;
  /** The minor version. */
  readonly version: number;
  readonly places: Places;
}

const LONGEST_SECONDS = 100;
const said = ({ stdout, stderr }: Pick<KubectlResult, 'stdout' | 'stderr'>): string => `${stdout}${stderr}`;

function isSaid(step: Step, text: string, places: Places): boolean {
  return typeof step.says === 'string' ? text.includes(filled(step.says, places)) : step.says.test(text);
}

const environmentOf = ({ env = {} }: Step, places: Places): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value, places)]));

/** What is wrong with what a command answered. */
function faultOf(step: Step, result: KubectlResult, places: Places): string | undefined {
  const isRight = (result.status !== 0) === (step.fails ?? false) && isSaid(step, said(result), places);
  return isRight ? undefined : `exit code ${result.status}: ${said(result).slice(0, 2_000)}`;
}

async function watched({ kubectl, places }: Player, step: Step, words: readonly string[]): Promise<string | undefined> {
  const child = kubectl.start(...words);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  try {
    await eventually(step.command, () => isSaid(step, text, places), LONGEST_SECONDS);
    return undefined;
  } catch {
    return `said until it was stopped: ${text.slice(0, 2_000)}`;
  } finally {
    child.kill();
  }
}

async function typed({ kubectl, places }: Player, step: Step, words: readonly string[]): Promise<string | undefined> {
  const once = async () =>
    faultOf(step, await kubectl.answer(words, { input: step.input, env: environmentOf(step, places) }), places);
  let fault = await once();
  const deadline = performance.now() + LONGEST_SECONDS * 1_000;
  while (fault && step.settles && performance.now() < deadline) fault = await once();
  return fault;
}

async function play(player: Player, step: Step): Promise<Outcome> {
  const { command, since = 0 } = step;
  if (player.version < since) return { command, isOlder: true };
  const words = wordsOf(filled(command, player.places));
  return { command, fault: await (step.goesOn ? watched : typed)(player, step, words) };
}

/** Types every command, one after the other. */
export async function playAll(player: Player, sections: readonly Section[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { steps } of sections) for (const step of steps) outcomes.push(await play(player, step));
  return outcomes;
}
