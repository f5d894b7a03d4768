import { eventFields as coreFields, referenceFields } from '../../../core/v1/event/fields.js';
import { printer as corePrinter } from '../../../core/v1/event/printer.js';
import type { Event as CoreEvent } from '../../../core/v1/index.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, type StoredFields } from '@binnacle/apis-registry';
import type { Event } from '../index.js';
import { fromStored, toStored } from './conversion.js';
import { validateEvent, validateEventUpdate, validateNewEvent } from './validation.js';

const REGARDING = referenceFields<Event>('regarding', (event) => event.regarding);

/** Behaves as kubernetes pkg/apis/events/v1 AddFieldLabelConversionsForEvent. */
const STORED_FIELDS = {
  ...Object.fromEntries(Object.keys(REGARDING).map((name) => [name, name.replace('regarding', 'involvedObject')])),
  reportingController: 'reportingComponent',
};

export const eventsV1 = defineResource<Event>({
  ...addressOf(refs.eventsV1, ['ev']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.events.v1.Event',
  roles: ['view'],
  example: {
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', namespace: 'ns', name: 'x' },
    reportingController: 'example.com/c',
    reportingInstance: 'c-1',
    action: 'Testing',
    reason: 'Tested',
    type: 'Normal',
  },
  strategy: {
    validate: validateEvent,
    validateCreate: validateNewEvent,
    validateUpdate: validateEventUpdate,
    allowCreateOnUpdate: true,
    // Nothing depends on an event.
    defaultPropagation: 'Unsupported',
    allowUnconditionalUpdate: true,
  },
  printer: {
    columns: corePrinter.columns,
    row: (event, now) => corePrinter.row(toStored(event) as unknown as CoreEvent, now),
  },
  fields: {
    ...REGARDING,
    reason: (event) => event.reason ?? '',
    reportingController: (event) => event.reportingController ?? '',
    type: (event) => event.type ?? '',
  },
  storage: {
    resource: 'events',
    apiVersion: 'v1',
    fields: { readers: coreFields as unknown as StoredFields['readers'], names: STORED_FIELDS },
    toStored,
    fromStored,
  },
});
