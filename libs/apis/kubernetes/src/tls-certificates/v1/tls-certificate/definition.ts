import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import { priority } from '../../../traffic/v1/priority.js';
import type { TLSCertificate } from '../index.js';
import { TLS_CERTIFICATE, tlsCertificateSchemas } from '../schema.js';
import { printer } from './printer.js';

const definition: ResourceDefinition<TLSCertificate> = {
  ...addressOf(refs.tlscertificates),
  priority,
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  schema: TLS_CERTIFICATE,
  // It is shown to everybody who connects; the key is not in it.
  roles: ['view'],
  schemas: tlsCertificateSchemas,
  strategy: {},
  printer,
  fields: {},
};

/** What certificates in Secrets say of themselves. */
export const tlsCertificates = definition as unknown as ResourceDefinition;
