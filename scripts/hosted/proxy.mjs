/** Stands before an API and misbehaves on some requests in the ways that APIs do; all others it passes on as they are. */
import { createServer, request as ask } from 'node:http';

/** What becomes of the nth request, from 0. */
const FAULTS = {
  3: ['429 with Retry-After', busy],
  7: ['no answer', () => undefined],
  11: ['a page of HTML', page],
  15: ['a truncated answer', truncate],
  19: ['a closed connection', (response) => response.destroy()],
};

/**
 * @param {string} target `http://127.0.0.1:PORT`
 * @returns {Promise<{ port: number, seen: { key: string | undefined, fault: string | undefined }[], close: () => void }>}
 */
export async function startProxy(target) {
  const seen = [];
  const server = createServer((incoming, response) => {
    const [fault, misbehave] = FAULTS[seen.length] ?? [];
    seen.push({ key: incoming.headers.authorization, fault });
    if (misbehave) {
      incoming.resume();
      misbehave(response);
      return;
    }
    const { method, headers, url } = incoming;
    const passed = ask(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: server.address().port, seen, close };
}

function busy(response) {
  response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end('{"error":{"message":"slow down"}}');
}

function page(response) {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html>Bad gateway');
}

function truncate(response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '900' });
  response.write('{"choices":[{"index":0,"te');
  setTimeout(() => response.destroy(), 50);
}
