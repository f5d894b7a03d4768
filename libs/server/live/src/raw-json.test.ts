import fc from 'fast-check';
import { Encoder, PacketType } from 'socket.io-parser';
import { expect, test } from 'vitest';
import { RawJson, rawParser } from './raw-json.js';

test('on the wire it is what Socket.IO would have written', () => {
  const [ours, theirs] = [new rawParser.Encoder(), new Encoder()];
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.constantFrom('/', '/other'), (event, value, nsp) => {
      const packet = (message: unknown) => ({ type: PacketType.EVENT, nsp, data: [event, message] });
      const text = JSON.stringify(value);
      expect(ours.encode(packet(new RawJson(text)))).toEqual(theirs.encode(packet(JSON.parse(text))));
      expect(ours.encode(packet(value))).toEqual(theirs.encode(packet(value)));
    }),
  );
});
