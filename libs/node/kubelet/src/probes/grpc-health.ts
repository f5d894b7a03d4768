import { type ClientHttp2Session, connect } from 'node:http2';
import { WireWriter } from '@binnacle/machinery-protobuf';
import type { DialTarget, ProbeResult } from './dial.js';

const SERVING = 1;
const FRAME_HEADER = 5;
const SERVICE_FIELD = 1;
const STATUS_FIELD = 0x08;

/** A HealthCheckRequest in its gRPC frame: not compressed, four bytes of length, the service's name. */
export function healthRequest(service: string): Buffer {
  const writer = new WireWriter();
  if (service) writer.text(SERVICE_FIELD, service);
  const message = writer.finish();
  const frame = Buffer.alloc(FRAME_HEADER);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

/** The status in a framed HealthCheckResponse; 0, unknown, for anything else. */
export function healthStatus(answer: Buffer): number {
  if (answer.length < FRAME_HEADER + 2 || answer[0] !== 0 || answer[FRAME_HEADER] !== STATUS_FIELD) return 0;
  return answer[FRAME_HEADER + 1] ?? 0;
}

function check(session: ClientHttp2Session, service: string): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('end', () => {
      const status = healthStatus(Buffer.concat(chunks));
      if (status === SERVING) resolve({ passed: true, output: 'service healthy' });
      else resolve({ passed: false, output: `service unhealthy (responded with "${status}")` });
    });
    stream.end(healthRequest(service));
  });
}

/** Asks a gRPC server for its health. Behaves as kubernetes pkg/probe/grpc. */
export async function probeGrpc(
  { address }: DialTarget,
  service: string,
  timeoutSeconds: number,
): Promise<ProbeResult> {
  const session = connect(`http://${address.host}:${address.port}`);
  const broken = new Promise<ProbeResult>((resolve) => {
    session.once('error', (error) =>
      resolve({ passed: false, output: `error: health rpc probe failed: ${error.message}` }),
    );
    const late = () =>
      resolve({ passed: false, output: `timeout: health rpc did not complete within ${timeoutSeconds}s` });
    AbortSignal.timeout(timeoutSeconds * 1000).addEventListener('abort', late, { once: true });
  });
  const failed = (error: Error) => ({ passed: false, output: `error: health rpc probe failed: ${error.message}` });
  try {
    return await Promise.race([check(session, service).catch(failed), broken]);
  } finally {
    // Not from within an event of its streams: Node may still be reading.
    setImmediate(() => session.destroy());
  }
}
