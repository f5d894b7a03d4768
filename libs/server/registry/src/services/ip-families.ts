import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { type FieldError, fieldPath, invalid as invalidField, semanticEqual } from '@binnacle/machinery-validation';
import { invalid } from '../failures.js';
import { SERVICE } from './cluster-ips.js';

const FAMILIES = fieldPath('spec', 'ipFamilies');
const POLICY = fieldPath('spec', 'ipFamilyPolicy');

/** A headless Service without a selector gets its endpoints from elsewhere, whatever addresses there are here. */
function isOpen({ spec }: Service): boolean {
  return spec?.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
}

function findErrors({ spec = {} }: Service): FieldError[] {
  const errors = (spec.ipFamilies ?? []).flatMap((family, index) =>
    family === 'IPv4' ? [] : [invalidField(FAMILIES.index(index), family, 'not configured on this cluster')],
  );
  if (spec.ipFamilyPolicy !== 'RequireDualStack') return errors;
  const why = 'this cluster is not configured for dual-stack services';
  return [...errors, invalidField(POLICY, spec.ipFamilyPolicy, why)];
}

/**
 * Refuses a Service that asks for a family of addresses an IPv4 cluster does not have; one that is so already may be
 * changed otherwise. Behaves as kubernetes pkg/registry/core/service/storage initIPFamilyFields.
 */
export function checkFamilies(service: Service, old: Service | undefined): void {
  if (service.spec?.type === 'ExternalName' || isOpen(service)) return;
  const asked = ({ spec }: Service) => [spec?.ipFamilies, spec?.ipFamilyPolicy];
  if (old && semanticEqual(asked(service), asked(old))) return;
  const errors = findErrors(service);
  if (errors.length > 0) throw invalid(SERVICE, service.metadata.name ?? '', errors);
}
