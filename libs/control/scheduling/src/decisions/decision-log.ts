import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { MOST_NODES } from '@binnacle/apis-kubernetes/decisions/codec';
import { type DecisionRecord, LONGEST, MOST_DETAIL_TEXT } from '@binnacle/apis-kubernetes/decisions/record';
import type { Context } from '@binnacle/machinery-context';
import { Allowance } from './allowance.js';
import type { Attempt, Findings, NodeRows } from './attempt.js';
import type { DecisionSender } from './decision-sender.js';
import { detailOf } from './detail.js';
import { CurrentNames, type NodeNames } from './node-names.js';
import { summarizeBest, summarizeRefused } from './summarize.js';
import { toldText } from './told.js';

const deflate = promisify(deflateRaw);
/** Fast rather than small: most of a detail is small differences, which any level makes short. */
const LEVEL = 2;
/** Details at once after a rest, as multiples of what is made in a second. */
const BURST = 4;
/** Of attempts in a row: to tell of every node costs more than to ask it. */
const ONE_IN = 100;
/** Details that wait to be made, each of which keeps what its attempt has found. */
const MOST_MAKING = 8;

export interface DecisionLogOptions {
  /** Attempts of which every node is told, a second. */
  readonly detailsPerSecond: number;
  /** The newest revision of the cluster that has been seen. */
  readonly revision: () => number;
}

const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Tells the API server of attempts. What is counted over nodes is told of each; of every single node only of some, so that a
 * scheduler that has much to do does it. That is made ready when the scheduler gives way.
 */
export class DecisionLog {
  private readonly names: CurrentNames;
  private readonly details: Allowance;
  private making = 0;

  constructor(
    private readonly ctx: Pick<Context, 'clock' | 'logger'>,
    nodes: NodeRows,
    private readonly sender: DecisionSender,
    private readonly options: DecisionLogOptions,
  ) {
    const { detailsPerSecond } = options;
    this.names = new CurrentNames(nodes);
    this.details = new Allowance(ctx.clock, {
      perSecond: detailsPerSecond,
      most: detailsPerSecond * BURST,
      oneIn: ONE_IN,
    });
  }

  /** Whether something is still to be sent. */
  get isBusy(): boolean {
    return this.sender.isBusy;
  }

  /** To be called before another node comes or goes. Never throws. */
  record(attempt: Attempt): void {
    if (!this.sender.hasRoom()) return;
    try {
      const names = this.names.now();
      const record = this.recordOf(attempt, names);
      this.sender.add(record, this.detailFor(attempt.findings, names));
    } catch (error) {
      this.ctx.logger.warn('a decision is not recorded', { pod: attempt.pod.key, error });
    }
  }

  private recordOf(attempt: Attempt, names: NodeNames): DecisionRecord {
    const { pod, scheduler, arrival, result, node, message, microseconds, findings, preemption } = attempt;
    const { attempt: number, ...queued } = arrival;
    const best = findings && summarizeBest(findings, names);
    return {
      time: this.ctx.clock.now(),
      duration: Math.max(0, Math.round(microseconds)),
      scheduler,
      pod: { namespace: pod.namespace, name: pod.name, uid: pod.uid },
      attempt: number,
      queued,
      revision: this.options.revision(),
      result,
      ...(node !== undefined && { node }),
      ...(message && { message: toldText(message, LONGEST.message) }),
      nodes: names.count,
      feasible: findings?.filtered.candidates.length ?? 0,
      ...(findings ? summarizeRefused(findings, names) : { refused: [] }),
      ...(best && { best }),
      ...(preemption && { preemption }),
    };
  }

  private detailFor(findings: Findings | undefined, names: NodeNames): Promise<string | undefined> | undefined {
    if (!findings || names.count === 0 || names.count > MOST_NODES) return undefined;
    if (this.making >= MOST_MAKING || !this.details.take()) return undefined;
    this.making += 1;
    return this.make(findings, names).finally(() => (this.making -= 1));
  }

  private async make(findings: Findings, names: NodeNames): Promise<string | undefined> {
    await giveWay();
    const text = (await deflate(detailOf(findings, names), { level: LEVEL })).toString('base64');
    return text.length <= MOST_DETAIL_TEXT ? text : undefined;
  }
}
