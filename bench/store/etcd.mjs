// Debian's etcd, when it is there, spoken to over gRPC by hand: HTTP/2 frames with a length before each message.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SESSIONS = 4;

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const bytesField = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
const intField = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);

/** TxnRequest: put, if the key is still at the revision (0 for none). */
function compareAndPut(key, value, revision) {
  const compare = Buffer.concat([intField(2, 2), bytesField(3, key), intField(6, revision)]);
  const put = bytesField(2, Buffer.concat([bytesField(1, key), bytesField(2, value)]));
  const message = Buffer.concat([bytesField(1, compare), bytesField(2, put)]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function readVarint(buffer, at) {
  let value = 0n;
  let shift = 0n;
  let position = at;
  for (;;) {
    const byte = buffer[position];
    position += 1;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return [value, position];
    shift += 7n;
  }
}

function fieldsOf(buffer) {
  const fields = {};
  for (let at = 0; at < buffer.length; ) {
    const [tag, next] = readVarint(buffer, at);
    const [value, after] = readVarint(buffer, next);
    const bytes = (tag & 7n) === 2n;
    fields[Number(tag >> 3n)] = bytes ? buffer.subarray(after, after + Number(value)) : value;
    at = bytes ? after + Number(value) : after;
  }
  return fields;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function etcdVersion() {
  try {
    return /etcd Version: (\S+)/.exec(execFileSync('etcd', ['--version']).toString())?.[1];
  } catch {
    return undefined;
  }
}

export class Etcd {
  static async start() {
    const etcd = new Etcd();
    etcd.directory = mkdtempSync(join(tmpdir(), 'bench-etcd-'));
    const [port, peer] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const flags = [
      '--listen-client-urls',
      url,
      '--advertise-client-urls',
      url,
      '--listen-peer-urls',
      `http://127.0.0.1:${peer}`,
    ];
    const quiet = ['--log-level', 'error', '--logger', 'zap', '--quota-backend-bytes', String(8 * 1024 ** 3)];
    etcd.process = spawn('etcd', ['--data-dir', etcd.directory, ...flags, ...quiet], { stdio: 'ignore' });
    for (let tries = 0; !etcd.sessions; tries += 1) await etcd.connect(url, tries);
    return etcd;
  }

  async connect(url, tries) {
    try {
      const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => connected(url)));
      this.sessions = sessions;
      await this.put(Buffer.from('ready'), Buffer.from('yes'), 0, 0);
    } catch (error) {
      this.sessions = undefined;
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Resolves to the new revision; rejects when the key was not at the expected one. */
  put(key, value, revision, lane) {
    return new Promise((resolve, reject) => {
      const stream = this.sessions[lane % SESSIONS].request({
        ':method': 'POST',
        ':path': '/etcdserverpb.KV/Txn',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        const fields = fieldsOf(Buffer.concat(chunks).subarray(5));
        if (fields[2] !== 1n) return reject(new Error('etcd refused the write'));
        resolve(Number(fieldsOf(fields[1])[3]));
      });
      stream.end(compareAndPut(key, value, revision));
    });
  }

  stop() {
    for (const session of this.sessions ?? []) session.destroy();
    this.process.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function connected(url) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url);
    session.once('connect', () => resolve(session));
    session.once('error', reject);
  });
}
