import { createHash } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { GraphqlRequest } from '../request.js';
import type { Operation } from './read-operation.js';
import { resolveField } from '../schema/resolve-field.js';

/** The end of a key by which Apollo Server asks for a document: the SHA-256 of its text, hexadecimal. */
const HASH_CHARACTERS = 64;

/**
 * The documents of operations that run. Apollo Server neither parses nor validates what it finds here, which is what we have
 * done already, with bounds that it does not have.
 */
class ReadDocuments {
  private readonly documents = new Map<string, { readonly document: DocumentNode; users: number }>();

  /** Answers how the document is given back. */
  lend({ text, document }: Operation): () => void {
    const hash = createHash('sha256').update(text).digest('hex');
    const entry = this.documents.get(hash) ?? { document, users: 0 };
    entry.users += 1;
    this.documents.set(hash, entry);
    return () => {
      entry.users -= 1;
      if (entry.users === 0) this.documents.delete(hash);
    };
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.documents.get(key.slice(-HASH_CHARACTERS))?.document;
  }

  /** Nothing is kept that nobody runs. */
  async set(): Promise<void> {}

  async delete(): Promise<boolean> {
    return false;
  }
}

/** Errors as they were thrown: what a client is shown of them is said in one place for all operations. */
interface Failures {
  errors?: readonly GraphQLError[];
}

/** Apollo Server copies what it is given, so that only what stands inside is shared with its listeners. */
type Running = GraphqlRequest & { readonly failures: Failures };

const rememberErrors: ApolloServerPlugin<Running> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ contextValue: { failures }, errors }) => {
      failures.errors = errors;
    },
  }),
};

/** Runs queries and mutations that have been read, measured and validated, by Apollo Server. */
export class ApolloRunner {
  private readonly documents = new ReadDocuments();
  private readonly apollo: ApolloServer<Running>;
  private starting: Promise<void> | undefined;

  constructor(schema: GraphQLSchema) {
    this.apollo = new ApolloServer<Running>({
      schema,
      introspection: true,
      documentStore: this.documents,
      fieldResolver: resolveField,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      plugins: [ApolloServerPluginLandingPageDisabled(), rememberErrors],
      formatError: (formatted) => formatted,
    });
  }

  async run(operation: Operation, request: GraphqlRequest): Promise<ExecutionResult> {
    this.starting ??= this.apollo.start();
    await this.starting;
    const giveBack = this.documents.lend(operation);
    try {
      const { text: query, operationName, variables } = operation;
      const asked = { query, variables: { ...variables }, ...(operationName && { operationName }) };
      const failures: Failures = {};
      const { body } = await this.apollo.executeOperation(asked, { contextValue: { ...request, failures } });
      if (body.kind !== 'single') throw new Error('an answer came in parts');
      const { data } = body.singleResult;
      return { ...(data !== undefined && { data }), ...failures };
    } finally {
      giveBack();
    }
  }

  async stop(): Promise<void> {
    if (this.starting) await this.apollo.stop();
  }
}
