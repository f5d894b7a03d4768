import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { ANNOTATION_DEFAULT_INGRESS_CLASS, ANNOTATION_INGRESS_CLASS } from '@binnacle/apis-kubernetes/well-known';

/** Which Ingresses a controller serves. */
export interface OurClass {
  /** Of the IngressClass that is made, and of what is annotated with a class as it was done before there were any. */
  readonly name: string;
  /** What `spec.controller` of our classes says. */
  readonly controller: string;
}

export type FindClass = (name: string) => IngressClass | undefined;

/** Behaves as ingress-nginx internal/ingress/controller/store: a class is ours by its controller, whatever it is called. */
export function isOurs(ingress: Ingress, ours: OurClass, findClass: FindClass): boolean {
  const name = ingress.spec?.ingressClassName;
  if (name !== undefined) return findClass(name)?.spec?.controller === ours.controller;
  return ingress.metadata.annotations?.[ANNOTATION_INGRESS_CLASS] === ours.name;
}

const isDefault = ({ metadata }: IngressClass): boolean =>
  metadata.annotations?.[ANNOTATION_DEFAULT_INGRESS_CLASS] === 'true';

/** Our class, as it is made where there is none of its name: the default one, unless a cluster has another. */
export function newClass({ name, controller }: OurClass, others: readonly IngressClass[]): IngressClass {
  const annotations = others.some(isDefault) ? undefined : { [ANNOTATION_DEFAULT_INGRESS_CLASS]: 'true' };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, ...(annotations && { annotations }) },
    spec: { controller },
  };
}
