import type { PodSpec, PodTemplateSpec } from '../index.js';
import { type ColumnDefinition, wide } from '@binnacle/apis-registry';

/** What `-o wide` adds to kinds that carry a Pod template. */
export const templateColumns: readonly ColumnDefinition[] = [
  wide('Containers', 'Names of the containers of the Pod template.'),
  wide('Images', 'Images of the containers of the Pod template.'),
];

export const selectorColumn = wide('Selector', 'Labels that mark the Pods belonging to this object.');

export function templateCells(template: PodTemplateSpec | undefined): [names: string, images: string] {
  const containers = (template?.spec as PodSpec | undefined)?.containers ?? [];
  return [
    containers.map((container) => container.name).join(','),
    containers.map((container) => container.image ?? '').join(','),
  ];
}
