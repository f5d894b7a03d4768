import { ageColumn, ageOf, column } from '@binnacle/apis-registry';
import type { Scale } from '@binnacle/server-registry';
import type { ApiRequest, BytesAnswer } from '../request/api-request.js';
import { contentTypeOf, encodingOf, inFormat, tableOptions, valueAnswer } from './object-answer.js';
import type { TableOptions } from './table-answer.js';

const COLUMNS = [
  column('Name', 'Name of the object that is scaled.'),
  column('Desired', 'How many replicas there should be.', { type: 'integer' }),
  column('Available', 'How many replicas there are.', { type: 'integer' }),
  ageColumn,
];

function rowObject(scale: Scale, { includeObject, metaVersion }: TableOptions): object | null {
  if (includeObject === 'None') return null;
  if (includeObject === 'Object') return scale;
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: scale.metadata };
}

function tableOfScale(scale: Scale, options: TableOptions): object {
  const { metadata, spec, status } = scale;
  const cells = [metadata.name ?? '', spec.replicas ?? 0, status.replicas, ageOf(scale, options.now)];
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.metaVersion}`,
    metadata: { resourceVersion: metadata.resourceVersion },
    columnDefinitions: options.noHeaders ? [] : COLUMNS,
    rows: [{ cells, object: rowObject(scale, options) }],
  };
}

/** Answers a Scale, as a Table too: `kubectl get deployment web --subresource=scale`. */
export function scaleAnswer(request: ApiRequest, scale: Scale): BytesAnswer {
  const encoding = encodingOf(request);
  if (encoding.transform !== 'table') return valueAnswer(request, scale);
  const body = [JSON.stringify(tableOfScale(scale, tableOptions(request, encoding)))];
  return { status: 200, contentType: contentTypeOf(encoding), body: inFormat(encoding, body) };
}
