/** A page of another origin, on a port of its own. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export async function takePage(): Promise<{ origin: string; visits(): number; close(): void }> {
  let visits = 0;
  const server = createServer((_request, response) => {
    visits += 1;
    response.setHeader('content-type', 'text/html').end('<title>another</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    visits: () => visits,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
