import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { WireWriter } from '@binnacle/machinery-protobuf';
import { endsAfterLastCalls } from '../http.js';
import type { Process, RunningProgram } from '../program.js';
import { SharedH2cServer } from './h2c.js';

const SERVICE = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho';
const METHODS = [`/${SERVICE}/Echo`, `/${SERVICE}/EchoTwo`];
const [OK, UNIMPLEMENTED] = ['0', '12'];
const FRAME_HEADER = 5;

function writeContext(writer: WireWriter, env: Readonly<Record<string, string>>): void {
  ['NAMESPACE', 'INGRESS_NAME', 'SERVICE_NAME', 'POD_NAME'].forEach((name, at) => writer.text(at + 1, env[name] ?? ''));
}

/** The metadata of a call: all headers but those that HTTP/2 sends in place of a request line, among which the host counts. */
function writeHeaders(writer: WireWriter, rawHeaders: readonly string[]): void {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (name.startsWith(':') && name !== ':authority') continue;
    writer.message(2, (header) => {
      header.text(1, name);
      header.text(2, value);
    });
  }
}

/** An EchoResponse of the suite's `grpcecho.proto`, in its gRPC frame. */
export function echoResponse(
  env: Readonly<Record<string, string>>,
  { url, rawHeaders, authority }: Pick<Http2ServerRequest, 'url' | 'rawHeaders' | 'authority'>,
): Buffer {
  const response = new WireWriter();
  response.message(1, (assertions) => {
    assertions.text(1, url);
    writeHeaders(assertions, rawHeaders);
    assertions.text(3, authority);
    assertions.message(4, (context) => writeContext(context, env));
  });
  const message = response.finish();
  const frame = Buffer.alloc(FRAME_HEADER);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}

function respond({ config }: Process, request: Http2ServerRequest, response: Http2ServerResponse): void {
  request.resume();
  response.setHeader('content-type', 'application/grpc');
  if (METHODS.includes(request.url)) {
    response.addTrailers({ 'grpc-status': OK });
    return void response.end(echoResponse(config.env, request));
  }
  // Without a message the status is among the headers: no trailers follow an answer that ends with them.
  response.setHeader('grpc-status', UNIMPLEMENTED);
  response.setHeader('grpc-message', `unknown method ${encodeURIComponent(request.url)}`);
  response.end();
}

const server = new SharedH2cServer(respond);

/** Answers what it was called with, over gRPC. */
export async function echoGrpc(process: Process, port: number): Promise<RunningProgram> {
  await process.listenTcp(port, (socket) => server.accept(process, socket));
  process.log('stdout', `plaintext server listening at port ${port}\n`);
  return endsAfterLastCalls(process);
}
