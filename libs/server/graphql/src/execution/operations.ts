import { newRequestEntityTooLarge, StatusError } from '@binnacle/machinery-meta';
import type { CallerContext, ResourceStore } from '@binnacle/server-registry';
import { type ExecutionArgs, type ExecutionResult, subscribe } from 'graphql';
import { Budget, type CostReport } from '../cost/budget.js';
import { estimate, type OperationEstimate } from '../cost/estimate.js';
import { LIMITS, POINTS } from '../cost/limits.js';
import { TooCostly } from '../cost/measure.js';
import { Pacer } from '../cost/pacer.js';
import { countRows } from '../count-rows.js';
import { RelatedObjects } from '../related-objects.js';
import type { AskReachability, AskWhoCan, Authorize, Browser, GraphqlRequest, People } from '../request.js';
import { AnswerText } from './answer-text.js';
import { Identities } from './identities.js';
import { shareIntrospection } from './introspection.js';
import { noting } from './missing-right.js';
import { isNobody, refuseNobody } from './open-fields.js';
import { OperationLife } from './operation-life.js';
import { ErrorPresenter, errorsOf } from './present-error.js';
import { type Operation, type OperationText, readOperation } from './read-operation.js';
import { resolveField } from '../schema/resolve-field.js';
import type { KindSchema, Schemas } from './schemas.js';
import { type AnswerPieces, SubscriptionAnswers } from './subscription-answers.js';

/**
 * Lets an operation run when it is its turn, knowing what it will cost. Rejects where it must not run at all; `run` has ended
 * when the operation has, or when a subscription has been opened.
 */
export type Admit = <T>(ctx: CallerContext, estimate: OperationEstimate, run: () => Promise<T>) => Promise<T>;

export interface OperationsOptions {
  readonly authorize: Authorize;
  readonly whoCan?: AskWhoCan;
  readonly reachability?: AskReachability;
  readonly people?: People | undefined;
  readonly admit?: Admit;
  /** Shares the event loop among operations. */
  readonly pacer?: Pacer;
  /** Hears of faults that are answered only as an internal error. */
  readonly onInternalError?: (error: unknown) => void;
}

/** Who asks, by which browser, and when they take more of a subscription. */
export interface Asking {
  readonly ctx: CallerContext;
  readonly browser?: (() => Browser) | undefined;
  readonly room?: () => Promise<void>;
}

/** An operation with the kinds it was read against, which it is also run with, whatever the cluster serves by then. */
export interface RunnableOperation extends Operation {
  readonly kinds: KindSchema;
}

interface Opened {
  readonly request: GraphqlRequest;
  readonly life: OperationLife;
}

const admitAtOnce: Admit = (_ctx, _estimate, run) => run();

/** Runs operations: what they cost is known before, charged meanwhile, and told at the end. */
export class Operations {
  readonly errors: ErrorPresenter;
  readonly identities = new Identities();
  private readonly pacer: Pacer;
  private readonly admit: Admit;

  constructor(
    private readonly schemas: Pick<Schemas, 'of'>,
    private readonly options: OperationsOptions,
  ) {
    this.errors = new ErrorPresenter(options.onInternalError);
    this.pacer = options.pacer ?? new Pacer();
    this.admit = options.admit ?? admitAtOnce;
    shareIntrospection();
  }

  /** Waits until the event loop has room to read so many bytes of JSON. */
  async roomFor(bytes: number): Promise<void> {
    await this.pacer.lane().step(POINTS.reading + bytes * POINTS.bodyByte);
  }

  /**
   * Reads and validates an operation as the event loop has room for it. Rejects with a GraphQLError, or several, and with
   * Unauthorized for nobody in particular and what is not for them.
   */
  async read(ctx: CallerContext, text: OperationText): Promise<RunnableOperation> {
    const lane = this.pacer.lane();
    await lane.step(POINTS.reading + text.query.length * POINTS.documentByte);
    const kinds = await this.schemas.of(ctx, lane);
    return { ...readOperation(kinds.schema, text, isNobody(ctx) ? refuseNobody : undefined), kinds };
  }

  /** A query or mutation. Rejects with a StatusError or GraphQLErrors where it must not run. */
  async run(asking: Asking, operation: RunnableOperation): Promise<AnswerPieces> {
    const leave = this.identities.enter(asking.ctx, 'operations');
    try {
      const estimated = await this.estimate(asking.ctx, operation);
      return await this.admit(asking.ctx, estimated, () => this.answer(asking, operation, estimated));
    } finally {
      leave();
    }
  }

  /** Rejects where the subscription must not begin. */
  async subscribe(asking: Asking, operation: RunnableOperation): Promise<SubscriptionAnswers> {
    const leave = this.identities.enter(asking.ctx, 'subscriptions');
    try {
      const estimated = await this.estimate(asking.ctx, operation);
      return await this.admit(asking.ctx, estimated, () => this.openSubscription(asking, operation, estimated, leave));
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** An answer that is nothing but errors. */
  refusal(error: unknown): AnswerPieces {
    return [JSON.stringify({ errors: this.errors.present(errorsOf(error)) })];
  }

  /** What the resolvers of one operation are given, and how it ends. */
  private open({ ctx, browser, room }: Asking, { stores }: KindSchema, estimated: OperationEstimate): Opened {
    const { authorize, whoCan, reachability, people } = this.options;
    const limited = estimated.type === 'subscription' ? undefined : LIMITS.milliseconds;
    const life = new OperationLife(ctx.signal, ctx.clock, limited);
    const lane = this.pacer.lane();
    const budget = new Budget({ lane, estimated: estimated.points, onExhausted: (why) => life.end(why) });
    const stop = () => budget.stop(life.signal.reason);
    if (life.signal.aborted) stop();
    else life.signal.addEventListener('abort', stop, { once: true });
    const request: GraphqlRequest = {
      ctx: { ...ctx, signal: life.signal },
      stores,
      authorize: noting(authorize),
      whoCan,
      reachability,
      people,
      browser,
      related: new RelatedObjects(),
      budget,
      room: room ?? (() => Promise.resolve()),
    };
    return { request, life };
  }

  private async estimate(ctx: CallerContext, { definition, measure }: Operation): Promise<OperationEstimate> {
    try {
      return await estimate(definition.operation, measure, (store, namespace) => this.count(ctx, store, namespace));
    } catch (error) {
      throw error instanceof TooCostly ? newRequestEntityTooLarge(error.message) : error;
    }
  }

  /** Nobody learns from a cost how many there are of what they may not list. */
  private async count(ctx: CallerContext, store: ResourceStore, namespace: string): Promise<number> {
    try {
      const attempt = { verb: 'list', definition: store.definition, ...(namespace && { namespace }) } as const;
      return await countRows(await this.options.authorize(ctx, attempt), store, namespace);
    } catch (error) {
      if (error instanceof StatusError) return 0;
      throw error;
    }
  }

  private async answer(
    asking: Asking,
    operation: RunnableOperation,
    estimated: OperationEstimate,
  ): Promise<AnswerPieces> {
    const { request, life } = this.open(asking, operation.kinds, estimated);
    const { budget } = request;
    try {
      const result = await life.during(operation.kinds.apollo.run(operation, request));
      return await life.during(this.write(result, budget));
    } catch (error) {
      return this.broken(error, budget.report());
    } finally {
      life.close();
      budget.lane.close();
    }
  }

  private arguments(operation: RunnableOperation, contextValue: GraphqlRequest): ExecutionArgs {
    const { document, operationName, variables: variableValues, kinds } = operation;
    return { schema: kinds.schema, document, operationName, variableValues, contextValue, fieldResolver: resolveField };
  }

  private async write(result: ExecutionResult, budget: Budget): Promise<AnswerPieces> {
    const text = new AnswerText(budget);
    text.add('{');
    if (result.errors) text.add(`"errors":${JSON.stringify(this.errors.present(result.errors))},`);
    if (result.data !== undefined) {
      text.add('"data":');
      await text.write(result.data);
      text.add(',');
    }
    const pieces = await text.end();
    return [...pieces, `"extensions":${JSON.stringify({ cost: budget.report() })}}`];
  }

  /** What has been answered so far is not told: it would look like all there is. */
  private broken(error: unknown, cost: CostReport): AnswerPieces {
    const errors = this.errors.present(errorsOf(error));
    return [JSON.stringify({ errors, data: null, extensions: { cost } })];
  }

  private async openSubscription(
    asking: Asking,
    operation: RunnableOperation,
    estimated: OperationEstimate,
    leave: () => void,
  ): Promise<SubscriptionAnswers> {
    const { request, life } = this.open(asking, operation.kinds, estimated);
    try {
      const source = await subscribe(this.arguments(operation, request));
      if (!(Symbol.asyncIterator in source)) throw new AggregateError(source.errors ?? []);
      const write = (result: ExecutionResult) => this.write(result, request.budget);
      return new SubscriptionAnswers({ source, life, server: asking.ctx.signal, write, leave });
    } catch (error) {
      life.end(error);
      throw error;
    }
  }
}
