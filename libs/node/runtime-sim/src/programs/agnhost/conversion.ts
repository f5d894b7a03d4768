/** A custom object, as the conversion webhook of the suite knows it. */
type CustomObject = Readonly<Record<string, unknown>> & { readonly apiVersion?: string };

interface ConversionReview {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly request?: {
    readonly uid?: string;
    readonly desiredAPIVersion?: string;
    readonly objects?: readonly CustomObject[];
  };
}

const [V1, V2] = ['stable.example.com/v1', 'stable.example.com/v2'];

class Refused extends Error {}

function toV2({ hostPort, ...rest }: CustomObject): CustomObject {
  if (hostPort === undefined) return rest;
  const parts = String(hostPort).split(':');
  if (parts.length !== 2) throw new Refused(`invalid hostPort value \`${String(hostPort)}\``);
  return { ...rest, host: parts[0], port: parts[1] };
}

function toV1({ host, port, ...rest }: CustomObject): CustomObject {
  if (host === undefined && port === undefined) return rest;
  return { ...rest, hostPort: `${String(host ?? '')}:${String(port ?? '')}` };
}

function convert(object: CustomObject, version: string): CustomObject {
  const { apiVersion = '' } = object;
  if (apiVersion === version)
    throw new Refused(`conversion from a version to itself should not call the webhook: ${version}`);
  if (apiVersion === V1 && version === V2) return { ...toV2(object), apiVersion: version };
  if (apiVersion === V2 && version === V1) return { ...toV1(object), apiVersion: version };
  throw new Refused(`unexpected conversion version "${apiVersion === V1 || apiVersion === V2 ? version : apiVersion}"`);
}

/** Answers a ConversionReview: one member that cannot be converted refuses them all. Throws for what is no review. */
export function answerConversion(text: string): object {
  const { apiVersion, kind, request } = JSON.parse(text) as ConversionReview;
  if (kind !== 'ConversionReview' || !request)
    throw new Error(`Unsupported group version kind: ${apiVersion}, Kind=${kind}`);
  const { uid, desiredAPIVersion = '', objects = [] } = request;
  try {
    const convertedObjects = objects.map((object) => convert(object, desiredAPIVersion));
    return { apiVersion, kind, response: { uid, convertedObjects, result: { status: 'Success' } } };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return {
      apiVersion,
      kind,
      response: { uid, convertedObjects: [], result: { status: 'Failure', message: error.message } },
    };
  }
}
