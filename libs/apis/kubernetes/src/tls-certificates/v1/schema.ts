import { type DefinitionSchema, type FieldType, ownFields, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'dev.binnacle.networking.v1';
export const TLS_CERTIFICATE = `${PACKAGE}.TLSCertificate`;
const STATUS = `${TLS_CERTIFICATE}Status`;

const TEXTS: Readonly<Record<string, string>> = {
  [TLS_CERTIFICATE]:
    'TLSCertificate tells what the certificate in a Secret of type kubernetes.io/tls says of itself, without its key. It has the name of the Secret, and cannot be written.',
  [STATUS]: 'TLSCertificateStatus is what a certificate says of itself.',
  issuer: 'Issuer is who has signed it.',
  keyFits: 'KeyFits is true where the key in the Secret is its own.',
  names: 'Names it is for; a star stands for one label.',
  notAfter: 'NotAfter is when it ends.',
  notBefore: 'NotBefore is when it begins.',
  problem: 'Problem says why there is no more to say: NoCertificate, NoKey or Unreadable.',
  status: 'Status is what the certificate says of itself.',
  subject: 'Subject is whom it is about.',
};

const text: FieldType = { kind: 'scalar', scalar: 'string' };
const texts: FieldType = { kind: 'list', of: text, wrapped: false };
const object = (name: string): FieldType => ({ kind: 'object', name });

const definitions: readonly DefinitionSchema[] = [
  {
    name: TLS_CERTIFICATE,
    freeForm: false,
    fields: ownFields({
      'apiVersion?': text,
      'kind?': text,
      'metadata?': object('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      'status?': object(STATUS),
    }),
    gvk: { group: 'networking.binnacle.dev', version: 'v1', kind: 'TLSCertificate' },
  },
  {
    name: STATUS,
    freeForm: false,
    fields: ownFields(
      {
        'problem?': text,
        'subject?': text,
        'issuer?': text,
        'names?': texts,
        'notBefore?': text,
        'notAfter?': text,
        'keyFits?': { kind: 'scalar', scalar: 'bool' },
      },
      { problem: ['NoCertificate', 'NoKey', 'Unreadable'] },
    ),
  },
];

/** The structure of what is told of certificates, on top of Kubernetes' own. */
export const tlsCertificateSchemas = schemaTable('tls-certificates', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(TLS_CERTIFICATE) ? TEXTS[field] : undefined,
);
