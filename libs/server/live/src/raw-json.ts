import { Decoder, Encoder, type Packet } from 'socket.io-parser';

/** A message that is JSON text already. */
export class RawJson {
  constructor(readonly text: string) {}
}

/**
 * Puts ready-made text into packets, so that stored objects reach the socket as the bytes they are stored as and are never
 * parsed on the way. On the wire nothing differs from Socket.IO's own encoding.
 */
class RawEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    const [event, message] = Array.isArray(packet.data) ? (packet.data as unknown[]) : [];
    if (!(message instanceof RawJson)) return super.encode(packet) as (string | Buffer)[];
    const namespace = packet.nsp && packet.nsp !== '/' ? `${packet.nsp},` : '';
    return [`${packet.type}${namespace}[${JSON.stringify(event)},${message.text}]`];
  }
}

export const rawParser = { Encoder: RawEncoder, Decoder };
