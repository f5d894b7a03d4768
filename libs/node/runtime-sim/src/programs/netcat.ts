import type { Program } from './program.js';

/** The first plain number; `-p` may stand before it or not. */
function portOf(words: readonly string[]): number {
  return Number(words.find((word) => /^\d+$/.test(word)));
}

/** `nc -l -p port`: logs what one connection sends, or with `-k` what every one does. */
export const netcat =
  (words: readonly string[]): Program =>
  async (process) => {
    const keeps = words.some((word) => /^-[a-z]*k/.test(word));
    await process.listenTcp(portOf(words), (socket) => {
      socket.on('data', (chunk: Buffer) => process.log('stdout', chunk.toString()));
      if (!keeps) socket.once('close', () => process.exit(0));
    });
    return undefined;
  };
