import type { StoredForm } from '@binnacle/apis-registry';
import type { Context } from '@binnacle/machinery-context';
import { formatApiVersion, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { WebhookConversion } from '../crd/types.js';
import { asDefined } from './conform.js';
import type { CustomKind, CustomTools } from './kind.js';

/** A conversion that a definition's webhook is asked for. */
export interface ConversionRequest {
  readonly webhook: WebhookConversion;
  /** None of them in that version. */
  readonly objects: readonly UnstructuredObject[];
  readonly apiVersion: string;
}

/** Asks webhooks. Answers as many objects, in their order, in the version asked for; rejects with a StatusError. */
export type ConversionClient = (ctx: Context, request: ConversionRequest) => Promise<readonly UnstructuredObject[]>;

/** Converts by the webhook what has to be converted; what is shown in the kind's own version is shown as it defines. */
export function converter(kind: CustomKind, { convert, reader }: CustomTools): NonNullable<StoredForm['convert']> {
  const webhook = kind.definition.spec.conversion?.webhook ?? {};
  const own = formatApiVersion(kind);
  return async (ctx, objects, apiVersion) => {
    const others = objects.filter((object) => object.apiVersion !== apiVersion);
    const request = { webhook, objects: others, apiVersion };
    const converted = (others.length > 0 ? await convert(ctx, request) : []).values();
    return objects.map((object) => {
      const shown = object.apiVersion === apiVersion ? object : (converted.next().value ?? object);
      return apiVersion === own ? asDefined(shown, kind, reader) : shown;
    });
  };
}
