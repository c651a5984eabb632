// The least that node:https can do for clients with certificates: whoever OpenSSL lets in is answered the same octets.
// Settings as JSON on stdin; prints its port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const { tls, headers, body } = JSON.parse(readFileSync(0, 'utf8'));
const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.on('tlsClientError', (error) => console.error(error.message));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
