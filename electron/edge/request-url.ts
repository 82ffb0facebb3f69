/** What the first line of a request asks for. */
import type { IncomingMessage } from 'node:http';

/** Without the query, in lower case. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0]?.toLowerCase() ?? '/';
}

/** Not by way of a URL: `//` is none, and the handler of an upgrade that throws ends the program. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?(.*)/.exec(request.url ?? '')?.[1]);
}
