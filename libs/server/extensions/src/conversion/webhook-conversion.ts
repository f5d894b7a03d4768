import type { ConversionClient, ConversionRequest } from '@binnacle/apis-extensions';
import type { Context } from '@binnacle/machinery-context';
import { newInternalError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type Services, webhookAddress } from './address.js';
import { askWebhook } from './ask.js';
import { acceptObject, BadReview, makeReview, readReview } from './review.js';

/** Objects are sent together up to about this many bytes. */
const BATCH_BYTES = 1024 * 1024;
const MIB = 1024 * 1024;

function batchesOf(objects: readonly UnstructuredObject[]): UnstructuredObject[][] {
  const batches: UnstructuredObject[][] = [];
  let room = 0;
  for (const object of objects) {
    const size = JSON.stringify(object).length;
    if (size > room) {
      batches.push([]);
      room = BATCH_BYTES;
    }
    batches.at(-1)?.push(object);
    room -= size;
  }
  return batches;
}

/** The kind as upstream's messages name it: `example.com/v1, Kind=Widget`. */
const kindText = (object: UnstructuredObject | undefined): string => `${object?.apiVersion}, Kind=${object?.kind}`;

function failure(objects: readonly UnstructuredObject[], why: string): Error {
  return newInternalError(`conversion webhook for ${kindText(objects[0])} ${why}`);
}

const clusterOf = (ctx: Context): string => ('cluster' in ctx && typeof ctx.cluster === 'string' ? ctx.cluster : '');

/** Converts by the webhooks of definitions. Behaves as kubernetes apiextensions-apiserver webhook_converter. */
export function webhookConversion(services: Services): ConversionClient {
  const convertBatch = async (ctx: Context, request: ConversionRequest): Promise<UnstructuredObject[]> => {
    const { webhook, objects, apiVersion } = request;
    const config = webhook.clientConfig ?? {};
    const answered = await (async () => {
      const review = makeReview(webhook.conversionReviewVersions ?? [], objects, apiVersion);
      const address = webhookAddress(config, clusterOf(ctx), services);
      const ca = config.caBundle ? Buffer.from(config.caBundle, 'base64').toString() : undefined;
      const question = { address, ca, body: review.body, maxAnswer: 4 * review.body.length + MIB };
      return readReview(await askWebhook(ctx, question), review);
    })().catch((error: unknown) => {
      ctx.signal.throwIfAborted();
      throw failure(objects, `failed: ${(error as Error).message}`);
    });
    if (answered.length !== objects.length) {
      throw failure(objects, `returned ${answered.length} objects, expected ${objects.length}`);
    }
    return objects.map((object, index) => accepted(object, answered[index], index, request));
  };
  return async (ctx, request) => {
    const converted: UnstructuredObject[] = [];
    for (const objects of batchesOf(request.objects)) {
      ctx.signal.throwIfAborted();
      converted.push(...(await convertBatch(ctx, { ...request, objects })));
    }
    return converted;
  };
}

function accepted(
  object: UnstructuredObject,
  answer: unknown,
  index: number,
  { objects, apiVersion }: ConversionRequest,
): UnstructuredObject {
  try {
    return acceptObject(object, answer, apiVersion);
  } catch (error) {
    if (!(error instanceof BadReview)) throw error;
    throw failure(objects, `returned invalid converted object at index ${index}: ${error.message}`);
  }
}
