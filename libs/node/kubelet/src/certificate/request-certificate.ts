import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type KubeClient, type ResourceClient, TransportError } from '@binnacle/client-rest';
import { type Context, sleep } from '@binnacle/machinery-context';
import { isAlreadyExists, StatusError } from '@binnacle/machinery-meta';
import { type AskedCertificate, certificateRequest, requestName } from './asked-certificate.js';

type Request = CertificateSigningRequest;

const BETWEEN_LOOKS_MILLISECONDS = 2000;
/** A chain of a few certificates is some kilobytes. */
const LONGEST_CERTIFICATE = 64 << 10;

/** Somebody, or the signer, said no for good. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** The certificate, once there is one. Throws a RefusedError. */
function certificateOf({ status, metadata }: Request): string | undefined {
  const no = status?.conditions?.find(({ type }) => type === 'Denied' || type === 'Failed');
  if (no) throw new RefusedError(`the request ${metadata.name} is ${no.type}: ${no.reason ?? ''} ${no.message ?? ''}`);
  const { certificate } = status ?? {};
  if (!certificate) return undefined;
  if (certificate.length > LONGEST_CERTIFICATE) throw new RefusedError('what was signed is too long for a certificate');
  return Buffer.from(certificate, 'base64').toString('latin1');
}

/** Until something is said of it, the server ends the watch, or it is deleted. */
async function watched(ctx: Context, requests: ResourceClient<Request>, from: Request): Promise<string | undefined> {
  const { name, resourceVersion } = from.metadata;
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion };
  for await (const { type, object } of requests.watch(ctx, query)) {
    if (type === 'DELETED') throw new Error(`the request ${name} was deleted before it was signed`);
    const certificate = certificateOf(object);
    if (certificate) return certificate;
  }
  return undefined;
}

const isPassing = (error: unknown): boolean =>
  error instanceof TransportError || (error instanceof StatusError && (error.code === 410 || error.code >= 500));

async function signed(ctx: Context, requests: ResourceClient<Request>, name: string): Promise<string> {
  for (;;) {
    try {
      const request = await requests.get(ctx, { name });
      const certificate = certificateOf(request) ?? (await watched(ctx, requests, request));
      if (certificate) return certificate;
    } catch (error) {
      if (ctx.signal.aborted || !isPassing(error)) throw error;
      ctx.logger.debug('a certificate that is waited for cannot be looked at now', { request: name, error });
    }
    await sleep(ctx, BETWEEN_LOOKS_MILLISECONDS);
  }
}

/**
 * Asks for a certificate for a key, both PEM, and waits as long as nobody decides. Rejects with a RefusedError, or with an error of
 * the API where it does not let the kubelet ask, or the request is deleted. Behaves as kubernetes client-go
 * util/certificate/csr.
 */
export async function requestCertificate(
  ctx: Context,
  client: KubeClient,
  key: string,
  asked: AskedCertificate,
): Promise<string> {
  const requests = client.resource<Request>(refs.certificatesigningrequests);
  const name = requestName(key, asked);
  const { signerName, usages } = asked;
  const request = Buffer.from(await certificateRequest(key, asked)).toString('base64');
  try {
    await requests.create(ctx, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: { request, signerName, usages: [...usages] },
    } as Request);
    ctx.logger.info('a certificate is asked for', { request: name, signer: signerName });
  } catch (error) {
    // Asked for before; what comes of it is checked against the key.
    if (!isAlreadyExists(error)) throw error;
  }
  return await signed(ctx, requests, name);
}
