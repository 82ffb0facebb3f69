/** The pages and what they load. They hold no data: every byte of it needs a token. (CONTRACT 3; TRUST, headers.) */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import compression from 'compression';
import express, { type Request, type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { Connections } from '../connections.ts';

interface Parts {
  /** Holds `client/` and `sdk/`. */
  distDir: string;
  /** As they are now. */
  facts: () => PageFacts;
  connections: Connections;
  /** Where the chat is kept. */
  database: 'SQLite' | 'MySQL';
  /** Somebody opened the address of a QR. */
  scanned(token: string): void;
}

/** A phone at the edge of the Wi-Fi loads a third. Pages alone: how long data is when compressed tells something about it. */
const shrink = compression();
const year = 365 * 24 * 60 * 60 * 1_000;

export function pageRoutes({ distDir, facts, connections, database, scanned }: Parts): Router {
  const router = Router();
  const client = join(distDir, 'client');
  const kiosk = createPage(distDir, 'kiosk', facts);
  const display = createPage(distDir, 'display', facts);
  const phone = createPage(distDir, 'phone', facts);

  router.use(
    '/assets',
    shrink,
    express.static(join(client, 'assets'), { index: false, immutable: true, maxAge: year }),
  );
  for (const entry of ['mostrador-client.js', 'mostrador-s2-client.js']) {
    router.get(`/sdk/${entry}`, shrink, (_request, response) => {
      response.set('Cache-Control', 'no-cache');
      response.sendFile(entry, { root: join(distDir, 'sdk'), dotfiles: 'allow' });
    });
  }
  router.get('/kiosk', kiosk);
  router.get('/display', display);
  router.get('/J', phone);
  router.get('/J/:token', (request, response, next) => {
    scanned(request.params.token);
    return phone(request, response, next);
  });
  router.get('/', (request, response, next) => {
    if (isBrowser(request)) return phone(request, response, next);
    // What S3's clients ask to see whether the server is there, by the name that its document gives.
    const connected_users = connections.usersOnline();
    response.json({ status: 'ok', service: 'websocket_upred', database, connected_users });
  });
  router.get('/favicon.ico', (_request, response) => void response.status(204).end());
  return router;
}

/** A shell with its facts and a nonce filled in. The nonce alone is new for each answer; the rest is made anew when the facts change. */
export function createPage(distDir: string, name: string, facts: () => PageFacts): RequestHandler {
  const html = readFileSync(join(distDir, 'client', name, 'index.html'), 'utf8');
  const programs = programsIn(html);
  let made: { facts: string; pieces: Buffer[] } | null = null;

  /** What stands between the places of the nonce. */
  function pieces(): Buffer[] {
    const now = escaped(JSON.stringify(facts()));
    if (made?.facts === now) return made.pieces;
    const filled = html.split('MOSTRADOR_NONCE').map(piece => piece.replaceAll('MOSTRADOR_FACTS', () => now));
    made = { facts: now, pieces: filled.map(piece => Buffer.from(piece)) };
    return made.pieces;
  }

  return (request, response) => {
    const nonce = randomBytes(16).toString('base64');
    const send = () => {
      response.set('Cache-Control', 'no-store').type('html');
      const between = Buffer.from(nonce);
      response.end(Buffer.concat(pieces().flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]))));
    };
    shrink(request, response, () => pageHeaders(nonce, programs, request)(request, response, send));
  };
}

/** Those that stand in the page itself, as a browser is told of them: by their hashes, so that nothing else in it may run. */
function programsIn(html: string): string[] {
  const inside = [...html.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, program = '']) => program);
  return inside
    .filter(program => program !== '')
    .map(program => `'sha256-${createHash('sha256').update(program).digest('base64')}'`);
}

function pageHeaders(nonce: string, programs: readonly string[], request: Request) {
  const host = request.headers.host ?? '';
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", ...programs],
        styleSrc: ["'self'", `'nonce-${nonce}'`],
        imgSrc: ["'self'", 'blob:', 'data:'],
        fontSrc: ["'self'"],
        // By name too: older Safari does not count WebSockets as 'self'.
        connectSrc: ["'self'", `ws://${host}`, `wss://${host}`],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    ...apiHeaders,
  });
}

/** For every answer. Plain HTTP: nothing that would make a browser insist on TLS. */
export const apiHeaders = {
  strictTransportSecurity: false,
  originAgentCluster: false,
  crossOriginOpenerPolicy: false,
  referrerPolicy: { policy: 'no-referrer' as const },
};

/** CONTRACT 3: a client whose Accept names text/html. */
export function isBrowser(request: Request): boolean {
  return /text\/html/i.test(request.headers.accept ?? '');
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, letter => entities[letter] ?? letter);
}
