import { builtinKind } from '@binnacle/apis-kubernetes/schemas';
import { applyConfiguration } from '@binnacle/machinery-apply';
import {
  AppliedObject,
  type ObjectPlace,
  type ResourceStore,
  type Scale,
  scaleWrite,
  updateScale,
} from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { checkName } from '../request/named-body.js';
import { readWriteParameters } from '../request/write-options.js';
import { valueAnswer } from '../answer/object-answer.js';
import { conformApplied } from './apply-configuration.js';
import { isForced } from './apply-handler.js';
import type { ObjectReader } from './object-reader.js';

const SCALE = builtinKind('autoscaling', 'v1', 'Scale');

/** Answers a server-side apply of the Scale of an object that is there. */
export async function handleScaleApply(
  request: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
  reader: ObjectReader,
): Promise<ApiAnswer> {
  const { ctx } = request;
  const parameters = readWriteParameters(request, true);
  const config = reader.readConfiguration(request, SCALE);
  const write = { ...scaleWrite(store, ctx, parameters), force: isForced(request) };
  const change = (current: Scale, owners: string) => {
    const live = { object: current as unknown as typeof config, owners };
    const { object, owners: scalers } = applyConfiguration(live, config, write);
    const next = conformApplied(object, SCALE);
    checkName(next, place);
    return new AppliedObject(next, scalers);
  };
  return valueAnswer(request, await updateScale(store, ctx, place, change, parameters));
}
