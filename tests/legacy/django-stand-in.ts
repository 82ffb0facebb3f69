/** Answers `GET /api/v1/profile/` as Django REST framework does, and as one that is slow, broken or down. */
import { createServer, type ServerResponse } from 'node:http';

export interface DjangoStandIn {
  baseUrl: string;
  /** `Authorization` of each request so far. */
  asked: (string | undefined)[];
  /** Profiles by token. */
  profiles: Map<string, unknown>;
  /** Closes the port; `up` opens the same one again. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export async function openDjango(): Promise<DjangoStandIn> {
  const asked: (string | undefined)[] = [];
  const profiles = new Map<string, unknown>();

  function say(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'Content-Type': 'application/json', 'WWW-Authenticate': 'Token' });
    response.end(JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (request.url !== '/api/v1/profile/') return say(response, 404, { detail: 'Not found.' });
    asked.push(authorization);
    const token = /^Token (.+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return say(response, 401, { detail: 'Authentication credentials were not provided.' });
    if (token === 'slow') return;
    if (token === 'broken') return say(response, 500, { detail: 'A server error occurred.' });
    if (token === 'elsewhere') return void response.writeHead(302, { Location: '/login/' }).end();
    if (token === 'page') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Hello</h1>');
    if (token === 'blocked') {
      return say(response, 403, { detail: 'You do not have permission to perform this action.' });
    }
    if (!profiles.has(token)) return say(response, 401, { detail: 'Invalid token.' });
    say(response, 200, profiles.get(token));
  });
  let port = 0;
  const up = () => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  await up();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1/`,
    asked,
    profiles,
    up,
    down() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}
