// Takes what attacks send and does nothing with it, in a process of its own: how a neighbour fares while the same bytes are sent
// here is what the machine's processors cost it, and not the API server. Answers the least there is, so that whoever attacks
// goes on.
import http2 from 'node:http2';

const MOST_STREAMS = 1_000;

process.once('message', ({ cert, key, ca }) => {
  const settings = { maxConcurrentStreams: MOST_STREAMS };
  const server = http2.createSecureServer({
    cert,
    key,
    ca,
    allowHTTP1: true,
    requestCert: true,
    rejectUnauthorized: false,
    settings,
  });
  server.on('request', (request, response) => {
    request.on('error', () => undefined);
    request.resume();
    request.on('end', () => response.stream?.destroyed || response.writeHead(200).end());
  });
  for (const event of ['clientError', 'tlsClientError', 'sessionError'])
    server.on(event, (_, socket) => socket?.destroy?.());
  server.on('upgrade', (_, socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1', () => process.send({ server: `https://127.0.0.1:${server.address().port}` }));
});
process.on('uncaughtException', () => undefined);
process.on('disconnect', () => process.exit(0));
