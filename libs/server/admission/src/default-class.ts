import {
  ANNOTATION_BETA_DEFAULT_CLASS,
  ANNOTATION_BETA_STORAGE_CLASS,
  ANNOTATION_DEFAULT_CLASS,
  ANNOTATION_DEFAULT_INGRESS_CLASS,
  ANNOTATION_INGRESS_CLASS,
} from '@binnacle/apis-kubernetes/well-known';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { AdmissionAttributes, RequestContext } from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { listKnown } from './known-objects.js';

/** Objects of a kind that are of a class, and how both say so. */
interface Classified {
  readonly plugin: string;
  readonly group: string;
  readonly plural: string;
  /** Where the name of the class is: a field of the spec, and the annotation that was there before it. */
  readonly field: string;
  readonly annotation: string;
  /** What the classes are stored as, and the annotations that mark the one for all that name none. */
  readonly classes: string;
  readonly marks: readonly string[];
}

const CLAIMS: Classified = {
  plugin: 'DefaultStorageClass',
  group: '',
  plural: 'persistentvolumeclaims',
  field: 'storageClassName',
  annotation: ANNOTATION_BETA_STORAGE_CLASS,
  classes: 'storage.k8s.io/storageclasses',
  marks: [ANNOTATION_DEFAULT_CLASS, ANNOTATION_BETA_DEFAULT_CLASS],
};

const INGRESSES: Classified = {
  plugin: 'DefaultIngressClass',
  group: 'networking.k8s.io',
  plural: 'ingresses',
  field: 'ingressClassName',
  annotation: ANNOTATION_INGRESS_CLASS,
  classes: 'networking.k8s.io/ingressclasses',
  marks: [ANNOTATION_DEFAULT_INGRESS_CLASS],
};

const nameOf = ({ metadata }: UnstructuredObject): string => metadata.name ?? '';
const madeAt = ({ metadata }: UnstructuredObject): string => metadata.creationTimestamp ?? '';

/** The newest first, and of one second the first by name. */
function byAge(a: UnstructuredObject, b: UnstructuredObject): number {
  if (madeAt(a) !== madeAt(b)) return madeAt(a) < madeAt(b) ? 1 : -1;
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function chosenOf(classes: readonly StoredObject[], marks: readonly string[]): string | undefined {
  const isMarked = ({ metadata }: UnstructuredObject) => marks.some((mark) => metadata.annotations?.[mark] === 'true');
  const [first] = classes
    .map((stored) => decodeOnce<UnstructuredObject>(stored))
    .filter(isMarked)
    .sort(byAge);
  return first && nameOf(first);
}

/**
 * Gives a new object that names no class the one that is marked as the default, an empty name being one too. Behaves as
 * kubernetes plugin/pkg/admission/storage/storageclass/setdefault and network/defaultingressclass.
 */
export class DefaultClass implements AdmissionPlugin {
  static readonly ofClaims = (storage: StorageReader): DefaultClass => new DefaultClass(storage, CLAIMS);
  static readonly ofIngresses = (storage: StorageReader): DefaultClass => new DefaultClass(storage, INGRESSES);
  readonly name: string;

  private constructor(
    private readonly storage: StorageReader,
    private readonly about: Classified,
  ) {
    this.name = about.plugin;
  }

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { group, plural, field, annotation, marks } = this.about;
    if (attributes.operation !== 'CREATE' || !isAbout(attributes, group, plural)) return;
    const { metadata, spec } = attributes.object as UnstructuredObject & { readonly spec?: Record<string, unknown> };
    if (!spec || spec[field] !== undefined || metadata.annotations?.[annotation] !== undefined) return;
    const scope = { cluster: ctx.cluster, resource: this.about.classes };
    return soon(listKnown(this.storage, ctx, scope), (classes) => {
      const chosen = chosenOf(classes, marks);
      if (chosen !== undefined) spec[field] = chosen;
    });
  }
}
